"""Settings of Hopsworks: its project and its storage connectors."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.engines.hopsworks.names import API_KEY
from mlopsctl.spec.stack.settings import Credential, FeatureStoreSettings, Scope, secret_variables
from mlopsctl.spec.stack.words import Host, SecretName
from mlopsctl.spec.words import Identifier, Section, Text, Version


class Connectors(Section):
    """Existing storage connectors of the Hopsworks project, by type of source."""

    bigquery: Text | None = None
    """The connector for BigQuery."""
    snowflake: Text | None = None
    """The connector for Snowflake."""
    redshift: Text | None = None
    """The connector for Redshift."""
    postgres: Text | None = None
    """The connector for PostgreSQL."""


class Hopsworks(FeatureStoreSettings):
    """Hopsworks, the feature store."""

    engine: Literal["hopsworks"]
    """The engine."""
    version: Version = "5.2"
    """The version of its client."""
    project: Identifier | None = None
    """The Hopsworks project. Default: the names of workspace and environment."""
    host: Host | None = None
    """The installation's address, host:port. Default: the one in which the steps run."""
    secret: SecretName | None = None
    """The secret with the key `apiKey`; never the key itself."""
    connectors: Connectors = Connectors.model_construct(bigquery=None, snowflake=None, redshift=None, postgres=None)
    """The storage connectors of tables."""
    time_travel: Literal["DELTA", "HUDI", "ICEBERG"] = "DELTA"
    """The format of offline feature groups."""

    def credentials(self) -> tuple[Credential, ...]:
        """Return the secret with the client's key."""
        return (secret_variables(self.secret, "feature-store", {API_KEY: "apiKey"}),) if self.secret else ()

    def scopes(self, cluster: str) -> tuple[Scope, ...]:
        """Return the project if it is set; otherwise each environment has its own."""
        where = self.host or cluster
        return (Scope(f"project `{self.project}` of Hopsworks at {where}", "project"),) if self.project else ()


SETTINGS: Final = (Hopsworks,)
