"""Feature stores: what keeps features, and where their rows are."""

from __future__ import annotations

from typing import Literal

from mlopsctl.spec.stack.words import Host, Location, SecretName
from mlopsctl.spec.words import Identifier, Section, Text, Version


class OfflineStore(Section):
    """Where historical rows are joined."""

    type: Literal["file", "duckdb", "bigquery", "snowflake", "redshift", "postgres", "spark", "trino"]
    """The store."""
    connection: Host | None = None
    """Its address, where it has one."""
    database: Text | None = None
    """The database, dataset or catalogue."""
    secret: SecretName | None = None
    """The secret that holds its credentials; never the credentials themselves."""


class OnlineStore(Section):
    """Where endpoints look features up."""

    type: Literal["sqlite", "redis", "postgres", "dynamodb", "datastore", "bigtable", "snowflake"]
    """The store."""
    connection: Host | None = None
    """Its address, where it has one."""
    database: Text | None = None
    """The database, project or region."""
    secret: SecretName | None = None
    """The secret that holds its credentials; never the credentials themselves."""


class Feast(Section):
    """Feast keeps the features."""

    engine: Literal["feast"]
    """The engine."""
    version: Version = "0.67"
    """Its version."""
    registry: Location = "data/registry.db"
    """Feast's registry: a path or a URI."""
    project: Identifier | None = None
    """The Feast project; by default the workspace's name and the environment's."""
    offline: OfflineStore = OfflineStore.model_construct(type="file", connection=None, database=None, secret=None)
    """Where historical rows are joined."""
    online: OnlineStore = OnlineStore.model_construct(type="sqlite", connection=None, database=None, secret=None)
    """Where endpoints look features up."""
    server: Host | None = None
    """The feature server that endpoints ask, host:port; by default feast-server in the environment's namespace."""


class Connectors(Section):
    """The storage connectors of a Hopsworks project, which exist already, by the type of source read through each."""

    bigquery: Text | None = None
    """The connector for BigQuery."""
    snowflake: Text | None = None
    """The connector for Snowflake."""
    redshift: Text | None = None
    """The connector for Redshift."""
    postgres: Text | None = None
    """The connector for PostgreSQL."""


class Hopsworks(Section):
    """Hopsworks keeps the features."""

    engine: Literal["hopsworks"]
    """The engine."""
    version: Version = "5.2"
    """Its client's version."""
    project: Identifier | None = None
    """The Hopsworks project; by default the workspace's name and the environment's."""
    host: Host | None = None
    """The installation's address, host:port; left out, the one that the steps run in."""
    secret: SecretName | None = None
    """The secret with the key `apiKey`; never the key itself."""
    connectors: Connectors = Connectors.model_construct(bigquery=None, snowflake=None, redshift=None, postgres=None)
    """The storage connectors that tables are read through."""
    time_travel: Literal["DELTA", "HUDI", "ICEBERG"] = "DELTA"
    """The format of offline feature groups."""
