"""Settings of Feast: its registry and its stores."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.engines.feast.stores import OFFLINE, ONLINE
from mlopsctl.spec.stack.settings import Credential, FeatureStoreSettings, FileStore, is_local, secret_variables
from mlopsctl.spec.stack.words import Host, Location, SecretName
from mlopsctl.spec.words import Identifier, Section, Text, Version


class OfflineStore(Section):
    """The offline store, for point-in-time joins."""

    type: Literal["file", "duckdb", "bigquery", "snowflake", "redshift", "postgres", "spark", "trino"]
    """The store."""
    connection: Host | None = None
    """Its address, if the type has one."""
    database: Text | None = None
    """The database, dataset or catalogue."""
    secret: SecretName | None = None
    """The secret with its credentials; never the credentials themselves."""


class OnlineStore(Section):
    """The online store, for lookups of endpoints."""

    type: Literal["sqlite", "redis", "postgres", "dynamodb", "datastore", "bigtable", "snowflake"]
    """The store."""
    connection: Host | None = None
    """Its address, if the type has one."""
    database: Text | None = None
    """The database, project or region."""
    secret: SecretName | None = None
    """The secret with its credentials; never the credentials themselves."""


class Feast(FeatureStoreSettings):
    """Feast, the feature store."""

    engine: Literal["feast"]
    """The engine."""
    version: Version = "0.67"
    """Its version."""
    registry: Location = "data/registry.db"
    """Feast's registry: a path or a URI."""
    project: Identifier | None = None
    """The Feast project. Default: the names of workspace and environment."""
    offline: OfflineStore = OfflineStore.model_construct(type="file", connection=None, database=None, secret=None)
    """The offline store, for point-in-time joins."""
    online: OnlineStore = OnlineStore.model_construct(type="sqlite", connection=None, database=None, secret=None)
    """The online store, for lookups of endpoints."""
    server: Host | None = None
    """The feature server, host:port. Default: feast-server in the environment's namespace."""

    def credentials(self) -> tuple[Credential, ...]:
        """Return the secrets of the two stores; the rendered configuration refers to their variables."""
        stores = ((OFFLINE, self.offline, "offline-store"), (ONLINE, self.online, "online-store"))
        return tuple(
            secret_variables(store.secret, purpose, store_types[store.type].variables)
            for store_types, store, purpose in stores
            if store.secret
        )

    def file_stores(self) -> tuple[FileStore, ...]:
        """Return the registry and the online store if they are local files."""
        registry = (FileStore("the feature registry", "registry"),) if is_local(self.registry) else ()
        return (*registry, *((FileStore("the online store", "online"),) if self.online.type == "sqlite" else ()))

    def server_address(self) -> str | None:
        """Return the address of the feature server."""
        return self.server

    def server_to_run(self) -> str | None:
        """Return the feature server of the namespace, unless another one is set."""
        return None if self.server else "feast-server"


SETTINGS: Final = (Feast,)
