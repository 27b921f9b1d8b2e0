"""feature_store.yaml: every store of the language, with credentials only by reference."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from unit.engines.feast.sample import landscape, rendered, shared

from mlopsctl.blueprint.decide.steps import store_environment
from mlopsctl.emit import yaml as yaml_text
from mlopsctl.engines.feast.store import feature_store, offline_store, online_store, registry
from mlopsctl.engines.feast.stores import OFFLINE, ONLINE


def settings(kind: str, connection: str | None = None, database: str | None = None, secret: str | None = None) -> Any:
    return {"type": kind, "connection": connection, "database": database, "secret": secret}


def test_the_default_stack_keeps_everything_in_files() -> None:
    assert yaml.safe_load(rendered()["repo/feature_store.yaml"]) == {
        "project": "acme_prod",
        "provider": "local",
        "registry": {"registry_type": "file", "path": "data/registry.db"},
        "offline_store": {"type": "duckdb"},
        "online_store": {"type": "sqlite", "path": "data/online.db"},
        "entity_key_serialization_version": 3,
        "feature_server": {"type": "local", "metrics": {"enabled": True}},
    }


def test_credentials_are_names_of_variables_that_steps_have() -> None:
    redis = "{engine: feast, online: {type: redis, connection: 'redis.feast:6379', secret: feast-redis}}"
    what = shared(features=redis)
    variables = store_environment(landscape(features=redis).systems["card-fraud"])
    text = rendered(what)["repo/feature_store.yaml"]

    assert {v.name: (v.secret, v.key) for v in variables} == {
        "FEAST_ONLINE_USERNAME": ("feast-redis", "username"),
        "FEAST_ONLINE_PASSWORD": ("feast-redis", "password"),
    }
    assert yaml.safe_load(text)["online_store"] == {
        "type": "redis",
        "connection_string": "redis.feast:6379,username=${FEAST_ONLINE_USERNAME},password=${FEAST_ONLINE_PASSWORD}",
    }
    assert next(s for s in what.secrets if s.name == "feast-redis").keys == ("username", "password")


@pytest.mark.parametrize("side", ["offline", "online"])
def test_every_store_refers_to_exactly_the_variables_the_catalogue_names(side: str) -> None:
    known, write = (OFFLINE, offline_store) if side == "offline" else (ONLINE, online_store)
    addresses = {"redshift": "cluster.abc.eu-west-1.redshift.amazonaws.com"}
    for kind, store in known.items():
        document = write(settings(kind, addresses.get(kind, "host:1234"), "main", "secret"))
        text = yaml_text.dumps(document)

        names = {word.partition("}")[0] for word in text.split("${")[1:]}
        assert names == set(store.variables), kind


def test_a_store_without_a_secret_refers_to_no_variable_where_it_needs_none() -> None:
    for kind, store in ONLINE.items():
        if "secret" not in store.needs:
            assert "${" not in yaml_text.dumps(online_store(settings(kind, "host:1", "main"))), kind
    assert "${" not in yaml_text.dumps(offline_store(settings("trino", "trino:8080", "hive")))


def test_an_unset_setting_leaves_no_key_behind() -> None:
    for kind, store in (*OFFLINE.items(), *ONLINE.items()):
        if not store.needs:
            write = offline_store if kind in OFFLINE else online_store
            assert None not in write(settings(kind)).values(), kind


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "cards.abc123.eu-central-1.redshift.amazonaws.com:5439",
            {"cluster_id": "cards", "region": "eu-central-1", "user": "${FEAST_OFFLINE_USERNAME}"},
        ),
        ("cards.123.eu-west-1.redshift-serverless.amazonaws.com", {"workgroup": "cards", "region": "eu-west-1"}),
    ],
)
def test_a_redshift_address_tells_cluster_or_workgroup_and_region(address: str, expected: dict[str, str]) -> None:
    document = offline_store(settings("redshift", address, "dev", "redshift"))

    assert expected.items() <= document.items()
    assert len({"cluster_id", "workgroup"} & document.keys()) == 1


@pytest.mark.parametrize(
    ("connection", "host", "port"),
    [("db.feast", "db.feast", 5432), ("db.feast:6000", "db.feast", 6000), ("db.feast:6000/x", "db.feast", 6000)],
)
def test_a_postgres_address_is_a_host_and_a_port(connection: str, host: str, port: int) -> None:
    document = online_store(settings("postgres", connection, "features", "db"))

    assert (document["host"], document["port"]) == (host, port)


def test_a_snowflake_address_is_cut_to_the_account() -> None:
    store = settings("snowflake", "acme-eu.snowflakecomputing.com", "ANALYTICS", "snowflake")

    assert offline_store(store)["account"] == online_store(store)["account"] == "acme-eu"
    assert (offline_store(store)["type"], online_store(store)["type"]) == ("snowflake.offline", "snowflake.online")


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("data/registry.db", "file"),
        ("s3://acme/registry.db", "file"),
        ("gs://acme/registry.db", "file"),
        ("postgresql+psycopg://db.feast/registry", "sql"),
        ("mysql+pymysql://db.feast/registry", "sql"),
    ],
)
def test_a_registry_is_a_file_or_a_database_by_its_scheme(location: str, kind: str) -> None:
    assert registry(location) == {"registry_type": kind, "path": location}


def test_the_document_has_no_key_but_the_known_ones() -> None:
    document = feature_store(
        "p", {"registry": "r.db", "offline": settings("file"), "online": settings("sqlite"), "bogus": 1}
    )

    assert list(document) == [
        "project",
        "provider",
        "registry",
        "offline_store",
        "online_store",
        "entity_key_serialization_version",
        "feature_server",
    ]
