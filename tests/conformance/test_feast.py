"""The feature project, read, applied and asked by Feast itself."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from unit.engines.feast.sample import CARDS, MERCHANTS, rendered, shared

from mlopsctl.blueprint.decide import build
from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.model.features import Features, Source
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.emit import yaml as yaml_text
from mlopsctl.emit.python import Assign
from mlopsctl.engines.feast import sources, store
from mlopsctl.engines.feast.stores import OFFLINE, ONLINE, parquet_copy
from mlopsctl.engines.shared.imports import Imports
from mlopsctl.project.discovery import load
from mlopsctl.resolve.landscape import resolve

FEAST = importlib.util.find_spec("feast")
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(FEAST is None, reason="feast is not installed: run `make test`"),
]
HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
LOCAL = {"registry": "data/registry.db", "offline": {"type": "file"}, "online": {"type": "sqlite"}}
CLIENTS = {"postgres": "psycopg", "trino": "trino"}
"""Sources whose module imports the client library of their store."""
TABLES = [
    kind
    for kind in ("bigquery", "snowflake", "redshift", "spark", "postgres", "trino")
    if importlib.util.find_spec(CLIENTS.get(kind, "json"))
]


@cache
def example(name: str) -> Shared:
    """Decide about an example, in its last environment."""
    landscapes, _ = resolve(load(str(EXAMPLES / name)).documents)
    landscape = landscapes[-1]
    return build.shared(landscape, tuple(build.blueprint(system)[0] for system in landscape.systems.values()))[0]


@cache
def every_source() -> Shared:
    """Return the second sample system with a source and a view of each type."""
    what = shared(MERCHANTS)
    system = what.systems[0]
    features = system.features
    assert features
    every_view, every_source = list(features.views), list(features.sources)
    for kind in TABLES:
        where: dict[str, Any] = {"query": "SELECT 1"} if kind in ("spark", "trino") else {"table": f"s.{kind}_rows"}
        empty = {"path": None, "table": None, "query": None, "warehouse": None}
        every_source.append(replace(every_source[0], name=f"{kind}_rows", type=kind, **{**empty, **where}))
        every_view.append(replace(every_view[0], name=kind, source=f"{kind}_rows"))
    every: Features = replace(features, sources=tuple(every_source), views=tuple(every_view))
    return replace(what, systems=(replace(system, features=every),))


PROJECTS = {
    "sample": shared,
    "every-source": every_source,
    **{name: lambda name=name: example(name) for name in ("quickstart", "payments", "demand-forecast")},
}


def write(what: Shared, folder: Path) -> Path:
    """Write a project to a folder, with stores that need no server."""
    folder.mkdir(parents=True)
    for path, text in rendered(what).items():
        if path.startswith("repo/"):
            (folder / path.removeprefix("repo/")).write_text(text)
    document = store.feature_store(what.project, LOCAL)
    (folder / "feature_store.yaml").write_text(yaml_text.dumps(document))
    return folder


def run(program: str, *folders: Path) -> Any:
    command = [sys.executable, HERE / program, *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Apply every project in one process: importing Feast takes most of the time."""
    root = tmp_path_factory.mktemp("feast").resolve()
    folders = {name: write(what(), root / name) for name, what in PROJECTS.items()}
    projects = run("feast_project.py", *folders.values())
    return {name: projects[str(folder)] for name, folder in folders.items()}


@pytest.mark.parametrize("project", PROJECTS)
def test_the_registry_holds_what_the_blueprint_says(project: str, applied: dict[str, Any]) -> None:
    what, registry = PROJECTS[project](), applied[project]

    assert registry["entities"] == entities(what)
    assert registry["views"] == views(what)
    assert registry["transforms"] == transforms(what)
    assert registry["services"] == services(what)


@pytest.mark.parametrize("project", PROJECTS)
def test_a_source_is_registered_as_it_was_described(project: str, applied: dict[str, Any]) -> None:
    expected: dict[str, Any] = {}
    for system in PROJECTS[project]().systems:
        for source in system.features.sources if system.features else ():
            own = {"event_time": source.event_time, "created_time": source.created_time or ""}
            expected[source.name] = {**own, **place(source), "description": source.description}
            if source.push:
                expected[f"{source.name}_push"] = {"backing": source.name, "class": "PushSource"}
    sources = {
        name: source for name, source in applied[project]["sources"].items() if source["class"] != "RequestSource"
    }

    assert sources.keys() == expected.keys()
    for name, fields in expected.items():
        assert fields.items() <= sources[name].items(), name


@pytest.mark.parametrize("project", PROJECTS)
def test_applying_twice_changes_nothing(project: str, applied: dict[str, Any]) -> None:
    assert "No changes to registry" in applied[project]["changes"]


def test_training_and_serving_get_the_same_features_from_the_registry_alone(tmp_path: Path) -> None:
    merchants = MERCHANTS.replace("s3://acme/merchants/", "data/merchants/")
    rows = run("feast_rows.py", write(shared(CARDS, merchants), tmp_path / "rows"))

    common = {"card_id": "a", "merchant_id": 7, "score": 0.5, "txn_count_1h": 1, "countries_7d": ["DE"]}
    assert [{**row, "amount_avg_7d": 10.0} for row in rows["past"]] == [
        {**common, "amount": 30.0, "amount_ratio": 3.0, "amount_avg_7d": 10.0},
        {**common, "card_id": "b", "amount": 60.0, "amount_ratio": 6.0, "amount_avg_7d": 10.0},
    ]
    assert rows["online"] == {"card_id": "a", "txn_count_1h": 1, "amount_ratio": 4.0}
    assert rows["pushed"] == {"card_id": "a", "txn_count_1h": 5, "amount_ratio": 0.4}


OFFLINE_CONFIGS = {
    "file": ("duckdb", "DuckDBOfflineStoreConfig"),
    "duckdb": ("duckdb", "DuckDBOfflineStoreConfig"),
    "bigquery": ("bigquery", "BigQueryOfflineStoreConfig"),
    "snowflake": ("snowflake", "SnowflakeOfflineStoreConfig"),
    "redshift": ("redshift", "RedshiftOfflineStoreConfig"),
    "postgres": ("contrib/postgres_offline_store/postgres", "PostgreSQLOfflineStoreConfig"),
    "spark": ("contrib/spark_offline_store/spark", "SparkOfflineStoreConfig"),
    "trino": ("contrib/trino_offline_store/trino", "TrinoOfflineStoreConfig"),
}
ONLINE_CONFIGS = {
    "sqlite": ("sqlite", "SqliteOnlineStoreConfig"),
    "redis": ("redis", "RedisOnlineStoreConfig"),
    "postgres": ("postgres_online_store/postgres", "PostgreSQLOnlineStoreConfig"),
    "dynamodb": ("dynamodb", "DynamoDBOnlineStoreConfig"),
    "datastore": ("datastore", "DatastoreOnlineStoreConfig"),
    "bigtable": ("bigtable", "BigtableOnlineStoreConfig"),
    "snowflake": ("snowflake", "SnowflakeOnlineStoreConfig"),
}


@pytest.mark.parametrize(("side", "kind"), [("offline", k) for k in OFFLINE] + [("online", k) for k in ONLINE])
def test_a_store_has_every_key_that_feast_demands_and_none_that_it_does_not_know(side: str, kind: str) -> None:
    """Read the classes as text: importing one needs the client library of its store."""
    address = "c.x.eu-west-1.redshift.amazonaws.com" if kind == "redshift" else "host:1"
    settings = {"type": kind, "connection": address, "database": "main", "secret": "credentials"}
    write_store = store.offline_store if side == "offline" else store.online_store
    file, name = (OFFLINE_CONFIGS if side == "offline" else ONLINE_CONFIGS)[kind]
    keys = config_keys(f"infra/{side}_stores/{file}.py", name)

    written = write_store(settings).keys()
    assert written <= keys.keys()
    assert {key for key, required in keys.items() if required} <= written


@pytest.mark.parametrize(
    ("kind", "file", "name"),
    [
        ("postgres", "contrib/postgres_offline_store/postgres_source.py", "PostgreSQLSource"),
        ("spark", "contrib/spark_offline_store/spark_source.py", "SparkSource"),
        ("trino", "contrib/trino_offline_store/trino_source.py", "TrinoSource"),
    ],
)
@pytest.mark.parametrize("where", [{"table": "s.t"}, {"query": "SELECT 1"}])
def test_a_source_of_a_store_without_its_client_has_keywords_that_its_class_takes(
    kind: str, file: str, name: str, where: dict[str, str]
) -> None:
    system = shared(MERCHANTS).systems[0]
    assert FEAST
    assert FEAST.origin
    assert system.features
    empty = {"path": None, "table": None, "query": None}
    source = replace(system.features.sources[0], type=kind, created_time="at", description="d", **{**empty, **where})
    statement = next(sources.statements(source, system.identity, kind, Imports(())))
    tree = ast.parse((Path(FEAST.origin).parent / "infra/offline_stores" / file).read_text())
    definition = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    init = next(node for node in definition.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")

    assert isinstance(statement, Assign)
    assert statement.value.keywords.keys() <= {a.arg for a in (*init.args.args, *init.args.kwonlyargs)}


def config_keys(file: str, name: str) -> dict[str, bool]:
    """Return the keys that a configuration class of Feast takes, and whether each must be given."""
    assert FEAST and FEAST.origin
    tree = ast.parse((Path(FEAST.origin).parent / file).read_text())
    definition = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    keys: dict[str, bool] = {}
    for base in definition.bases:
        if ast.unparse(base) == "PostgreSQLConfig":
            keys |= config_keys("infra/utils/postgres/postgres_config.py", "PostgreSQLConfig")
    for node in definition.body:
        if isinstance(node, ast.AnnAssign):
            alias = [k.value for k in getattr(node.value, "keywords", ()) if k.arg == "alias"]
            keys[ast.literal_eval(alias[0]) if alias else ast.unparse(node.target)] = node.value is None
    return keys


def fields(of: Any) -> list[list[str]]:
    return [[field.name, feast_type(field.type)] for field in of]


def feast_type(name: str) -> str:
    known = COLUMN_TYPES[name]
    return f"Array({feast_type(known.item)})" if known.is_array else known.feast


def tags(blueprint: Any, own: Any = ()) -> dict[str, str]:
    return {"system": blueprint.identity.system, "tier": str(blueprint.identity.tier), **dict(own)}


def entities(what: Shared) -> dict[str, Any]:
    expected: dict[str, Any] = {}
    for system in what.systems:
        for entity in system.features.entities if system.features else ():
            first = expected.setdefault(
                entity.name,
                {
                    "keys": [entity.key],
                    "type": COLUMN_TYPES[entity.type].feast_value,
                    "description": entity.description,
                    "owner": system.identity.owner,
                    "tags": {"systems": ""},
                },
            )
            first["tags"]["systems"] = f"{first['tags']['systems']} {system.identity.system}".strip()
    return expected


def views(what: Shared) -> dict[str, Any]:
    expected = {}
    for system in what.systems:
        known = {source.name: source for source in system.features.sources} if system.features else {}
        for view in system.features.views if system.features else ():
            notes = {column.name: column.description for column in known[view.source].columns}
            expected[view.name] = {
                "entities": [view.entity],
                "fields": fields(view.fields),
                "field_descriptions": {f.name: notes[f.name] for f in view.fields if notes.get(f.name)},
                "ttl": view.ttl,
                "online": view.online,
                "source": view.source,
                "push": f"{view.source}_push" if known[view.source].push else None,
                "description": view.description,
                "owner": system.identity.owner,
                "tags": tags(system, view.tags),
            }
    return expected


def transforms(what: Shared) -> dict[str, Any]:
    expected = {}
    for system in what.systems:
        for transform in system.features.transforms if system.features else ():
            reads: dict[str, list[list[str]]] = {}
            for each in transform.inputs:
                reads.setdefault(each.view or f"{transform.name}_request", []).extend(fields([each]))
            expected[transform.name] = {
                "fields": fields(transform.fields),
                "reads": reads,
                "mode": "pandas",
                "description": transform.description,
                "owner": system.identity.owner,
                "tags": tags(system),
            }
    return expected


def services(what: Shared) -> dict[str, Any]:
    expected = {}
    for system in what.systems:
        for each in system.features.sets if system.features else ():
            features: dict[str, list[list[str]]] = {}
            for field in each.fields:
                features.setdefault(field.producer, []).extend(fields([field]))
            common = {"description": each.description, "owner": system.identity.owner, "tags": tags(system)}
            expected[each.name] = {"features": features, **common}
    return expected


CLASSES = {"parquet": "FileSource", "csv": "FileSource", "bigquery": "BigQuerySource", "snowflake": "SnowflakeSource"}
CLASSES |= {
    "redshift": "RedshiftSource",
    "postgres": "PostgreSQLSource",
    "spark": "SparkSource",
    "trino": "TrinoSource",
}


def place(source: Source) -> dict[str, Any]:
    """Return the class, and where the rows are; PostgreSQL's class keeps that to itself."""
    fields: dict[str, Any] = {"class": CLASSES[source.type]}
    if source.path:
        fields["path"] = parquet_copy(source.path) if source.type == "csv" else source.path
    if source.query:
        fields["query"] = f"({source.query})" if source.type == "trino" else source.query
    if source.table and source.type != "postgres":
        table = source.table.rpartition(".")[2] if source.type in ("snowflake", "redshift") else source.table
        fields["table"] = table
    return fields
