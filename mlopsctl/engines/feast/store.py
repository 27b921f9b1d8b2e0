"""feature_store.yaml: the project, and the addresses of offline store, online store and registry.

Feast takes unknown keys in silence, so every key that can be written is written here. Credentials are only ever names
of environment variables, which Feast fills in when it loads the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlopsctl.engines.feast.stores import SQL_REGISTRIES

Settings = Mapping[str, Any]
_POSTGRES_PORT = 5432
_TRINO_PORT, _TRINO_TLS_PORT = 8080, 443


def feature_store(project: str, settings: Settings) -> dict[str, Any]:
    """Return the whole document."""
    return {
        "project": project,
        "provider": "local",
        "registry": registry(settings["registry"]),
        "offline_store": offline_store(settings["offline"]),
        "online_store": online_store(settings["online"]),
        "entity_key_serialization_version": 3,
        "feature_server": {"type": "local", "metrics": {"enabled": True}},
    }


def registry(location: str) -> dict[str, Any]:
    """Return the registry of definitions: a database or a file."""
    scheme = location.partition("://")[0] if "://" in location else ""
    return {"registry_type": "sql" if scheme in SQL_REGISTRIES else "file", "path": location}


def offline_store(store: Settings) -> dict[str, Any]:
    """Return the store that joins historical rows."""
    return _filled(_OFFLINE[store["type"]](store))


def online_store(store: Settings) -> dict[str, Any]:
    """Return the store that answers online."""
    return _filled(_ONLINE[store["type"]](store))


def _filled(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if value is not None}


def _variable(store: str, name: str) -> str:
    """Refer to an environment variable."""
    return "${FEAST_" + store + "_" + name + "}"


def _host(store: Settings) -> str:
    return str(store["connection"]).partition("/")[0].partition(":")[0]


def _port(store: Settings, default: int) -> int:
    port = str(store["connection"]).partition("/")[0].partition(":")[2]
    return int(port) if port else default


def _files(_: Settings) -> dict[str, Any]:
    """Name DuckDB for every store of files: Feast's own loses rows and ignores created times."""
    return {"type": "duckdb"}


def _bigquery(store: Settings) -> dict[str, Any]:
    return {"type": "bigquery", "project_id": store["connection"], "dataset": store["database"]}


def _snowflake(store: Settings, side: str) -> dict[str, Any]:
    return {
        "type": f"snowflake.{side.lower()}",
        "account": str(store["connection"]).removesuffix(".snowflakecomputing.com"),
        "user": _variable(side, "USERNAME"),
        "password": _variable(side, "PASSWORD"),
        "database": store["database"],
    }


def _redshift(store: Settings) -> dict[str, Any]:
    """Read the cluster or workgroup, and the region, off the address that AWS gave it."""
    name, _, rest = _host(store).partition(".")
    serverless = ".redshift-serverless." in _host(store)
    return {
        "type": "redshift",
        "workgroup": name if serverless else None,
        "cluster_id": None if serverless else name,
        "user": None if serverless else _variable("OFFLINE", "USERNAME"),
        "region": rest.split(".")[1],
        "database": store["database"],
        "s3_staging_location": _variable("OFFLINE", "STAGING_LOCATION"),
        "iam_role": _variable("OFFLINE", "IAM_ROLE"),
    }


def _postgres(store: Settings, side: str) -> dict[str, Any]:
    return {
        "type": "postgres",
        "host": _host(store),
        "port": _port(store, _POSTGRES_PORT),
        "database": store["database"],
        "user": _variable(side, "USERNAME"),
        "password": _variable(side, "PASSWORD"),
    }


def _spark(store: Settings) -> dict[str, Any]:
    connection = store["connection"]
    return {
        "type": "spark",
        "spark_conf": {"spark.master": f"spark://{connection}"} if connection else None,
    }


def _trino(store: Settings) -> dict[str, Any]:
    """Feast makes its temporary tables in the same catalogue, so that one must take Parquet tables."""
    secret = bool(store["secret"])
    account = {"username": _variable("OFFLINE", "USERNAME"), "password": _variable("OFFLINE", "PASSWORD")}
    return {
        "type": "trino",
        "host": _host(store),
        "port": _port(store, _TRINO_TLS_PORT if secret else _TRINO_PORT),
        "catalog": store["database"],
        "user": account["username"] if secret else "mlopsctl",
        "http-scheme": "https" if secret else "http",
        "auth": {"type": "basic", "config": account} if secret else None,
        "connector": {"type": "hive", "file_format": "parquet"},
    }


def _sqlite(store: Settings) -> dict[str, Any]:
    return {"type": "sqlite", "path": store.get("connection") or "data/online.db"}


def _redis(store: Settings) -> dict[str, Any]:
    account = [
        "username=" + _variable("ONLINE", "USERNAME"),
        "password=" + _variable("ONLINE", "PASSWORD"),
    ]
    return {
        "type": "redis",
        "connection_string": ",".join([store["connection"], *(account if store["secret"] else ())]),
    }


def _dynamodb(store: Settings) -> dict[str, Any]:
    address = store["connection"]
    return {
        "type": "dynamodb",
        "region": store["database"],
        "endpoint_url": f"https://{address}" if address else None,
    }


def _datastore(store: Settings) -> dict[str, Any]:
    return {"type": "datastore", "project_id": store["database"]}


def _bigtable(store: Settings) -> dict[str, Any]:
    return {"type": "bigtable", "project_id": store["database"], "instance": store["connection"]}


_OFFLINE: Mapping[str, Callable[[Settings], dict[str, Any]]] = {
    "file": _files,
    "duckdb": _files,
    "bigquery": _bigquery,
    "snowflake": lambda store: _snowflake(store, "OFFLINE"),
    "redshift": _redshift,
    "postgres": lambda store: _postgres(store, "OFFLINE"),
    "spark": _spark,
    "trino": _trino,
}
_ONLINE: Mapping[str, Callable[[Settings], dict[str, Any]]] = {
    "sqlite": _sqlite,
    "redis": _redis,
    "postgres": lambda store: _postgres(store, "ONLINE"),
    "dynamodb": _dynamodb,
    "datastore": _datastore,
    "bigtable": _bigtable,
    "snowflake": lambda store: _snowflake(store, "ONLINE"),
}
