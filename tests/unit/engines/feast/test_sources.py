"""Each type of source as Feast's own class."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from msgspec.structs import replace
from unit.engines.feast.sample import MERCHANTS, shared

from mlopsctl.blueprint.model.features import Source
from mlopsctl.emit.python import module
from mlopsctl.engines.feast import sources
from mlopsctl.engines.shared.imports import Imports

BASE = shared(MERCHANTS).systems[0]


def source(kind: str, **where: Any) -> Source:
    assert BASE.features
    where = {"path": None, "table": None, "query": None, "warehouse": None, **where}
    return replace(BASE.features.sources[0], name="rows", type=kind, **where)


def written(source: Source, offline: str) -> tuple[str, str, dict[str, Any]]:
    """Return the class, the module it is imported from, and the keywords that say where the rows are."""
    imports = Imports(())
    statements = list(sources.statements(source, BASE.identity, offline, imports))
    tree = ast.parse(module("", [*imports.statements(), *statements]))
    call = next(node.value for node in tree.body if isinstance(node, ast.Assign))
    assert isinstance(call, ast.Call)
    name = ast.unparse(call.func)
    origin = next(
        str(node.module)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and name in [each.name for each in node.names]
    )
    common = {"name", "timestamp_field", "tags", "owner"}
    keywords = {str(keyword.arg): keyword.value for keyword in call.keywords}
    assert common <= keywords.keys()
    return name, origin, {key: ast.unparse(value) for key, value in keywords.items() if key not in common}


CONTRIB = "feast.infra.offline_stores.contrib"


@pytest.mark.parametrize(
    ("kind", "where", "offline", "expected"),
    [
        ("parquet", {"path": "d/x.parquet"}, "file", ("FileSource", "feast", {"path": "'d/x.parquet'"})),
        (
            "parquet",
            {"path": "s3://b/x/"},
            "duckdb",
            ("FileSource", "feast", {"path": "'s3://b/x/'", "file_format": "ParquetFormat()"}),
        ),
        ("csv", {"path": "d/x.csv"}, "file", ("FileSource", "feast", {"path": "'.mlops/csv/d/x.csv.parquet'"})),
        (
            "csv",
            {"path": "d/x.csv"},
            "spark",
            (
                "SparkSource",
                f"{CONTRIB}.spark_offline_store.spark_source",
                {"path": "'.mlops/csv/d/x.csv.parquet'", "file_format": "'parquet'"},
            ),
        ),
        ("bigquery", {"table": "p.d.t"}, "bigquery", ("BigQuerySource", "feast", {"table": "'p.d.t'"})),
        (
            "snowflake",
            {"table": "D.S.T", "warehouse": "W"},
            "snowflake",
            (
                "SnowflakeSource",
                "feast",
                {"database": "'D'", "schema": "'S'", "table": "'T'", "warehouse": "'W'"},
            ),
        ),
        ("snowflake", {"table": "T"}, "snowflake", ("SnowflakeSource", "feast", {"table": "'T'"})),
        ("redshift", {"table": "s.t"}, "redshift", ("RedshiftSource", "feast", {"schema": "'s'", "table": "'t'"})),
        (
            "postgres",
            {"table": "s.t"},
            "postgres",
            ("PostgreSQLSource", f"{CONTRIB}.postgres_offline_store.postgres_source", {"table": "'s.t'"}),
        ),
        (
            "spark",
            {"query": "SELECT 1"},
            "spark",
            ("SparkSource", f"{CONTRIB}.spark_offline_store.spark_source", {"query": "'SELECT 1'"}),
        ),
        (
            "trino",
            {"query": "SELECT 1"},
            "trino",
            ("TrinoSource", f"{CONTRIB}.trino_offline_store.trino_source", {"query": "'(SELECT 1)'"}),
        ),
    ],
)
def test_a_source_is_of_the_class_and_the_place_its_type_says(
    kind: str, where: dict[str, str], offline: str, expected: tuple[str, str, dict[str, str]]
) -> None:
    assert written(source(kind, **where), offline) == expected
