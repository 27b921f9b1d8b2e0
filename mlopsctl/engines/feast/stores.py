"""Feast's stores: the sources each reads, its settings, and its credentials. Written for Feast 0.67."""

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
FILE_STORES: Final = frozenset(store.type for store in OFFLINE.values() if store.reads == _FILES)
"""The offline stores that are files: the steps read them directly, and Feast uses DuckDB."""
SQL_REGISTRIES: Final = frozenset({"postgresql", "postgresql+psycopg", "mysql", "mysql+pymysql"})
FILE_REGISTRIES: Final = frozenset({"", "file", "s3", "gs", "hdfs"})
"""The schemes of a registry's location that Feast supports: a database, or a file."""
_CONTRIB = "feast.infra.offline_stores.contrib"
SOURCE_CLASSES: Final[Mapping[str, tuple[str, str]]] = {
    "file": ("feast", "FileSource"),
    "bigquery": ("feast", "BigQuerySource"),
    "snowflake": ("feast", "SnowflakeSource"),
    "redshift": ("feast", "RedshiftSource"),
    "postgres": (f"{_CONTRIB}.postgres_offline_store.postgres_source", "PostgreSQLSource"),
    "spark": (f"{_CONTRIB}.spark_offline_store.spark_source", "SparkSource"),
    "trino": (f"{_CONTRIB}.trino_offline_store.trino_source", "TrinoSource"),
}
"""Feast's data source of each offline store: module and class."""
TABLE_PARTS: Final = ("table", "schema", "database")
"""The parts of a table's full name, the last one first."""
COPIES: Final = ".mlops/csv"
"""Where the steps keep the Parquet copies of CSV files, below the folder that paths start from, or the object's."""


def parquet_copy(path: str) -> str:
    """Return the path of the Parquet copy of a CSV file: below `.mlops/`, of an object store in the file's own folder.

    No offline store of Feast's reads CSV with a header line, so the steps keep a copy that all of them read.

    >>> parquet_copy("data/sales.csv"), parquet_copy("s3://acme/raw/sales.csv")
    ('.mlops/csv/data/sales.csv.parquet', 's3://acme/raw/.mlops/csv/sales.csv.parquet')
    """
    if "://" in path:
        folder, _, name = path.rpartition("/")
        return f"{folder}/{COPIES}/{name}.parquet"
    inside = path.replace("../", "up/")  # a file of another system, seen from the folder of the one that runs
    return f"{COPIES}/{inside}.parquet"
