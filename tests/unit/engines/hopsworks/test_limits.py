"""What Hopsworks cannot do is said, with the field to change."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from unit.engines.hopsworks.sample import CARDS, FEATURES, MERCHANTS, shared

from mlopsctl.diagnostics.codes import engines
from mlopsctl.diagnostics.model import Severity
from mlopsctl.engines.hopsworks import codes as hopsworks
from mlopsctl.engines.hopsworks import target
from mlopsctl.engines.shared.feature_maps import LARGEST

ERROR, WARNING = Severity.ERROR, Severity.WARNING


def limits_of(*systems: str, features: str = FEATURES, of: int = 0) -> list[tuple[str, str, Severity]]:
    """Return the code, the path and the weight of each finding about one system."""
    diagnostics = target.limits(shared(*systems, features=features).systems[of])
    assert all(d.place is None and d.help for d in diagnostics)
    return [(d.code, d.path, d.severity) for d in diagnostics]


def test_the_sample_has_nothing_that_hopsworks_cannot_do() -> None:
    assert limits_of() == limits_of(of=1) == []
    assert target.limits_shared(shared()) == ()


def test_a_table_without_a_connector_is_named() -> None:
    path = "spec.data.sources.merchant_stats.type"

    assert limits_of(features="{engine: hopsworks}", of=1) == [(hopsworks.SOURCE.code, path, ERROR)]


@pytest.mark.parametrize("kind", ["spark", "trino"])
def test_a_table_that_hopsworks_has_no_connector_for_is_named(kind: str) -> None:
    other = MERCHANTS.replace("bigquery", kind)

    assert limits_of(CARDS, other, of=1) == [(hopsworks.SOURCE.code, "spec.data.sources.merchant_stats.type", ERROR)]


def test_rows_that_are_pushed_are_named() -> None:
    pushed = CARDS.replace("cadence: 15m", "cadence: 15m\n        push: true")

    assert limits_of(pushed, MERCHANTS) == [(hopsworks.SOURCE.code, "spec.data.sources.card_stats.push", ERROR)]


def test_what_a_connector_is_not_told_of_a_table_is_named() -> None:
    table = MERCHANTS.replace("bigquery", "snowflake").replace(
        "eventTime: ts", "warehouse: loads\n        createdTime: seen\n        eventTime: ts"
    )
    features = "{engine: hopsworks, connectors: {snowflake: risk}}"

    assert limits_of(CARDS, table, features=features, of=1) == [
        (hopsworks.SOURCE.code, "spec.data.sources.merchant_stats.warehouse", WARNING),
        (hopsworks.SOURCE.code, "spec.data.sources.merchant_stats.createdTime", WARNING),
    ]


def test_a_view_of_a_file_that_nothing_inserts_is_named_and_one_of_a_table_is_not() -> None:
    offline = CARDS.replace("        materialize: {every: 30m}\n", "")

    assert limits_of(offline, MERCHANTS) == [(hopsworks.UNFILLED.code, "spec.features.views.card_activity", ERROR)]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("card_id", "cardId", "spec.features.entities.card.key"),
        ("countries_7d", "Countries", "spec.features.views.card_activity.fields"),
        ("eventTime: ts", "eventTime: Ts", "spec.data.sources.card_stats.eventTime"),
        ("ingested_at", "ingestedAt", "spec.data.sources.card_stats.createdTime"),
        ("paid_at", "paidAt", "spec.data.sources.payments.eventTime"),
        ("fraud_inputs", "f" * 60, f"spec.features.sets.{'f' * 60}"),
        ("amount:", "Amount:", "spec.features.sets.fraud_inputs.request.Amount"),
    ],
)
def test_a_name_that_hopsworks_would_change_is_named(old: str, new: str, path: str) -> None:
    assert limits_of(CARDS.replace(old, new), MERCHANTS) == [(hopsworks.NAME.code, path, ERROR)]


def test_a_label_that_hopsworks_would_change_is_named() -> None:
    text = CARDS.replace("is_fraud: {type: bool}", "isFraud: {type: bool}").replace(
        "column: is_fraud", "column: isFraud"
    )

    assert limits_of(text, MERCHANTS) == [(hopsworks.NAME.code, "spec.data.labels.is_fraud.column", ERROR)]


def test_a_field_that_is_the_key_is_named() -> None:
    twice = CARDS.replace("fields: [txn_count_1h,", "fields: [card_id, txn_count_1h,")

    assert limits_of(twice, MERCHANTS) == [
        (engines.FEAST_FIELD.code, "spec.features.views.card_activity.fields", ERROR)
    ]


def test_views_of_different_ttls_in_one_set_are_named() -> None:
    path = "spec.features.sets.fraud_inputs"

    assert limits_of(CARDS, MERCHANTS.replace("ttl: 2h", "ttl: 1d")) == [(hopsworks.SET.code, path, WARNING)]


def test_a_transform_that_the_feature_view_is_without_is_named() -> None:
    ratio = (
        "    transforms:\n      ratio: {inputs: [request.amount, card_activity.amount_avg_7d], function: 'm:f', "
        "fields: {amount_ratio: float64}}\n    sets:"
    )
    text = CARDS.replace("    sets:", ratio).replace("- card_activity.amount_avg_7d", "- ratio.amount_ratio")

    assert limits_of(text, MERCHANTS) == [(hopsworks.SET.code, "spec.features.sets.fraud_inputs", WARNING)]


def test_a_set_of_two_keys_that_no_model_is_trained_on_is_named() -> None:
    other = "    sets:\n      others: {fields: [card_activity.txn_count_1h, merchants:merchant_risk.score]}\n"

    assert limits_of(CARDS.replace("    sets:\n", other), MERCHANTS) == [
        (hopsworks.SET.code, "spec.features.sets.others", ERROR)
    ]


def test_a_view_named_as_the_rows_of_a_set_is_named() -> None:
    same = MERCHANTS.replace("merchant_risk", "fraud_inputs_rows")
    cards = CARDS.replace("merchant_risk", "fraud_inputs_rows")

    assert [(d.code, d.path) for d in target.limits_shared(shared(cards, same))] == [
        (hopsworks.NAME.code, "merchants:spec.features.views.fraud_inputs_rows")
    ]


def test_a_project_that_no_config_map_holds_is_named() -> None:
    what = shared()
    features = what.systems[0].features
    assert features
    view = features.views[0]
    fields = tuple(replace(view.fields[0], name=f"a_rather_long_name_of_a_field_{i}") for i in range(20_000))
    large = replace(what.systems[0], features=replace(features, views=(replace(view, fields=fields),)))

    (diagnostic,) = target.limits_shared(replace(what, systems=(large, *what.systems[1:])))
    assert (diagnostic.code, diagnostic.path) == (engines.FEATURES_TOO_LARGE.code, "spec.systems")
    assert sum(len(file.content) for file in target.render_shared(what)) < LARGEST
