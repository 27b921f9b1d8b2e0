"""Feast's stores: what each can read, what it must be told, and how it gets its credentials.

In: a store's type as the workspace names it. Out: facts. Read at Feast 0.67. Never a credential.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class FeatureStore(NamedTuple):
    """A store of features.

    `variables` maps each environment variable that its configuration refers to, to the key of the workspace's secret
    that holds the value; empty for stores that know the pod by its own identity. `needs` are the settings that Feast
    demands, `reads` the types of source an offline store can query.
    """

    type: str
    variables: Mapping[str, str] = MappingProxyType({})
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


def _account(store: str, **more: str) -> Mapping[str, str]:
    """Return the variables of a store that is entered with a name and a password."""
    keys = {"USERNAME": "username", "PASSWORD": "password", **more}
    return MappingProxyType({f"FEAST_{store}_{name}": key for name, key in keys.items()})


_FILES: Final = ("parquet", "csv")
_SERVER: Final = ("connection", "database", "secret")
_REDSHIFT: Final = MappingProxyType(
    {
        "FEAST_OFFLINE_USERNAME": "username",
        "FEAST_OFFLINE_IAM_ROLE": "iamRole",
        "FEAST_OFFLINE_STAGING_LOCATION": "stagingLocation",
    }
)

OFFLINE: Final[Mapping[str, FeatureStore]] = MappingProxyType(
    {
        store.type: store
        for store in (
            FeatureStore("file", reads=_FILES),
            FeatureStore("duckdb", reads=_FILES),
            FeatureStore("bigquery", reads=("bigquery",)),
            FeatureStore("snowflake", _account("OFFLINE"), _SERVER, ("snowflake",)),
            FeatureStore("redshift", _REDSHIFT, _SERVER, ("redshift",)),
            FeatureStore("postgres", _account("OFFLINE"), _SERVER, ("postgres",)),
            FeatureStore("spark", reads=("spark", *_FILES)),
            FeatureStore("trino", _account("OFFLINE"), ("connection", "database"), ("trino",)),
        )
    }
)
ONLINE: Final[Mapping[str, FeatureStore]] = MappingProxyType(
    {
        store.type: store
        for store in (
            FeatureStore("sqlite"),
            FeatureStore("redis", _account("ONLINE"), ("connection",)),
            FeatureStore("postgres", _account("ONLINE"), _SERVER),
            FeatureStore("dynamodb", needs=("database",)),
            FeatureStore("datastore"),
            FeatureStore("bigtable", needs=("connection", "database")),
            FeatureStore("snowflake", _account("ONLINE"), _SERVER),
        )
    }
)
SQL_REGISTRIES: Final = frozenset({"postgresql", "postgresql+psycopg", "mysql", "mysql+pymysql"})
FILE_REGISTRIES: Final = frozenset({"", "file", "s3", "gs", "hdfs"})
"""The schemes of a registry's location that Feast knows: a database, or one file."""


def parquet_copy(path: str) -> str:
    """Return where the Parquet copy of a CSV file lies.

    No offline store of Feast's reads CSV with a header line, so the steps keep a copy that all of them read.
    """
    return f"{path}.parquet"
