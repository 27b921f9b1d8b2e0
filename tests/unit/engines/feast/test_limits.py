"""What Feast cannot do is said, with the field to change."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from unit.engines.feast.sample import CARDS, MERCHANTS, shared

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.model.features import Features
from mlopsctl.diagnostics.codes import engines as engine_codes
from mlopsctl.engines.feast import codes, target
from mlopsctl.engines.shared.feature_maps import LARGEST


def limits_of(*systems: str, features: str = "{engine: feast}", of: int = 0) -> list[tuple[str, str]]:
    """Return the code and the path of each finding about one system."""
    diagnostics = target.limits(shared(*systems, features=features).systems[of])
    assert all(d.place is None and d.help for d in diagnostics)
    return [(d.code, d.path) for d in diagnostics]


def together(what: Shared) -> list[tuple[str, str]]:
    """Return the code and the path of each finding about systems together."""
    return [(d.code, d.path) for d in target.limits_shared(what)]


def stack(**changed: Any) -> Shared:
    """Return the sample with other settings of the feature engine."""
    what = shared()
    settings = {**what.engines.features.settings, **changed}
    engines = replace(what.engines, features=replace(what.engines.features, settings=settings))
    return replace(what, engines=engines)


def store(kind: str, connection: str | None = None, database: str | None = None, secret: str | None = None) -> Any:
    return {"type": kind, "connection": connection, "database": database, "secret": secret}


def test_the_sample_has_nothing_that_feast_cannot_do() -> None:
    assert limits_of() == limits_of(of=1) == []
    assert together(shared()) == []


def test_a_source_that_the_offline_store_cannot_read_is_named() -> None:
    rows = "type: bigquery\n        table: acme.card_stats"
    bigquery = CARDS.replace("type: parquet\n        path: data/card_stats.parquet", rows)
    offline = "{engine: feast, offline: {type: bigquery}}"

    assert limits_of(bigquery, MERCHANTS) == [(codes.FEAST_SOURCE.code, "spec.data.sources.card_stats.type")]
    assert limits_of(bigquery, MERCHANTS, features=offline) == []
    assert len(limits_of(bigquery, MERCHANTS, features=offline, of=1)) == 2


def test_a_csv_source_of_many_files_is_named() -> None:
    many = MERCHANTS.replace("data/limits.csv", "data/*.csv")

    assert limits_of(CARDS, many, of=1) == [(codes.FEAST_SOURCE.code, "spec.data.sources.card_limits.path")]


@pytest.mark.parametrize("field", ["card_id", "ts", "ingested_at"])
def test_a_field_that_is_the_key_or_a_time_is_named(field: str) -> None:
    columns = "columns:\n          ts: {type: timestamp}\n          ingested_at: {type: timestamp}"
    text = CARDS.replace("columns:", columns, 1).replace("fields: [txn_count_1h,", f"fields: [{field}, txn_count_1h,")

    assert limits_of(text, MERCHANTS) == [(engine_codes.FEAST_FIELD.code, "spec.features.views.card_activity.fields")]


def test_two_inputs_of_one_name_are_named() -> None:
    twice = CARDS.replace("[request.amount, card_activity", "[request.amount, request.amount_avg_7d, card_activity")
    twice = twice.replace("request: {amount: float64}", "request: {amount: float64, amount_avg_7d: float64}")

    assert limits_of(twice, MERCHANTS) == [
        (engine_codes.FEAST_TWO_FIELDS.code, "spec.features.transforms.amount_vs_usual.inputs.2")
    ]


def test_two_fields_of_one_name_in_a_set_are_named() -> None:
    twice = CARDS.replace("amount_vs_usual.amount_ratio\n", "amount_vs_usual.score\n")
    twice = twice.replace("{amount_ratio: float64", "{score: float64")

    assert limits_of(twice, MERCHANTS) == [
        (engine_codes.FEAST_TWO_FIELDS.code, "spec.features.sets.fraud_inputs.fields.2")
    ]


def test_a_transform_named_as_a_view_of_another_system_is_named() -> None:
    same = CARDS.replace("amount_vs_usual:", "merchant_risk:").replace("amount_vs_usual.", "merchant_risk.")
    same = same.replace("          - merchants:merchant_risk.score\n", "")

    assert together(shared(same, MERCHANTS)) == [(codes.FEAST_NAME.code, "merchants:spec.features.views.merchant_risk")]


def test_a_source_named_as_what_is_pushed_is_named() -> None:
    same = MERCHANTS.replace("merchant_stats", "card_stats_push")

    assert together(shared(CARDS, same)) == [(codes.FEAST_NAME.code, "merchants:spec.data.sources.card_stats_push")]


@pytest.mark.parametrize("package", ["entities", "on_demand", "merchants_features", "card_fraud_features"])
def test_a_package_that_a_module_would_hide_is_named(package: str) -> None:
    hidden = CARDS.replace("card_fraud.features:", f"{package}:")

    assert together(shared(hidden, MERCHANTS)) == [
        (codes.FEAST_MODULE.code, "card-fraud:spec.features.transforms.amount_vs_usual.function")
    ]


@pytest.mark.parametrize(
    ("settings", "paths"),
    [
        ({"online": store("postgres")}, ["online.connection", "online.database", "online.secret"]),
        ({"online": store("redis")}, ["online.connection"]),
        ({"online": store("dynamodb", None, "eu-west-1", "aws")}, ["online.secret"]),
        ({"online": store("datastore")}, []),
        ({"offline": store("snowflake", "acme", "ANALYTICS")}, ["offline.secret"]),
        ({"offline": store("trino", "trino:8080", "hive")}, []),
        ({"offline": store("redshift", "redshift.acme.example", "dev", "s")}, ["offline.connection"]),
        ({"offline": store("bigquery", None, "acme-analytics")}, ["offline.database"]),
        ({"offline": store("bigquery", "acme-analytics", "feast_tmp")}, []),
        ({"registry": "abfs://acme/registry.db"}, ["registry"]),
        ({"registry": "s3://acme/registry.db"}, []),
    ],
)
def test_a_store_that_feast_could_not_reach_is_named_in_the_workspace(
    settings: dict[str, Any], paths: list[str]
) -> None:
    expected = [(codes.FEAST_STORE.code, f"spec.stack.features.{path}") for path in paths]

    assert together(stack(**settings)) == expected


def test_a_repository_that_no_config_map_holds_is_named() -> None:
    what = shared()
    features = what.systems[0].features
    assert features
    view = features.views[0]
    fields = tuple(replace(view.fields[0], name=f"a_rather_long_name_of_a_field_{i}") for i in range(20_000))
    large: Features = replace(features, views=(replace(view, fields=fields),))
    systems = (replace(what.systems[0], features=large), *what.systems[1:])

    assert together(replace(what, systems=systems)) == [(engine_codes.FEATURES_TOO_LARGE.code, "spec.systems")]
    rendered = target.render_shared(what)
    assert sum(len(file.content) for file in rendered) < LARGEST
