"""Burn rates: the numbers of the SRE workbook, exact, and none that could never be reached."""

from __future__ import annotations

from decimal import Decimal

import pytest
from projects import checked, spec

from mlopsctl.blueprint.decide.slo import burns
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.catalogue import burn_rates

DAY = 86_400


def factors(days: int) -> list[str]:
    return [f"{factor.normalize():f}" for _, factor in burn_rates.pairs(days * DAY)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (30, ["14.4", "6", "3", "1"]),
        (28, ["13.44", "5.6", "2.8", "1"]),
        (7, ["13.44", "3.5", "1.4", "1"]),
        (2, ["3.84", "1", "1"]),
        (1, ["1.92", "1"]),
        (90, ["43.2", "18", "9", "3"]),
    ],
)
def test_the_factors_are_those_of_the_workbook(days: int, expected: list[str]) -> None:
    assert factors(days) == expected


@pytest.mark.parametrize("hours", [1, 6, 12, 13, 24, 36, 48, 72, 100, 168, 400, 671, 672, 720, 2160, 8784])
def test_no_alert_fires_at_a_pace_that_keeps_the_budget(hours: int) -> None:
    pairs = burn_rates.pairs(hours * 3600)
    assert all(factor >= 1 for _, factor in pairs)
    assert all(burn_rates.SECONDS[pair.long] <= hours * 3600 for pair, _ in pairs)
    assert bool(pairs) == (hours > 12)


def test_thresholds_are_exact_and_not_those_of_floats() -> None:
    pairs = burns(1 - Decimal("0.999"), 30 * DAY)
    assert [(b.severity, b.long, b.short, str(b.threshold)) for b in pairs] == [
        ("page", "1h", "5m", "0.0144"),
        ("page", "6h", "30m", "0.006"),
        ("ticket", "1d", "2h", "0.003"),
        ("ticket", "3d", "6h", "0.001"),
    ]


def test_a_pair_whose_threshold_no_error_ratio_reaches_is_left_out() -> None:
    assert [b.long for b in burns(Decimal("0.1"), 30 * DAY)] == ["6h", "1d", "3d"]
    assert [b.long for b in burns(Decimal("0.2"), 30 * DAY)] == ["1d", "3d"]
    assert burns(Decimal("0.4"), 90 * DAY) == ()


def blueprint(*changes: tuple[str, str]) -> Blueprint:
    return checked(spec(*changes), only="prod").shared[0].systems[0]


def test_an_objective_knows_its_budget_its_series_and_its_windows() -> None:
    availability, latency = blueprint().slos
    assert (availability.id, availability.kind, str(availability.budget)) == (
        "card-fraud-availability",
        "availability",
        "0.001",
    )
    assert (latency.kind, str(latency.threshold)) == ("latency", "0.1")
    assert availability.windows == ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
    assert availability.bad and availability.bad.metric == "seldon_pipeline_infer_total"
    assert latency.good_bucket and latency.good_bucket.metric.endswith("_bucket")


def test_each_objective_has_an_alert_a_severity() -> None:
    names = [alert.name for alert in blueprint().alerts if alert.group == "slo"]
    assert names == [
        "CardFraudAvailabilityFastBurn", "CardFraudAvailabilitySlowBurn", "CardFraudLatencyFastBurn",
        "CardFraudLatencySlowBurn",
    ]  # fmt: skip


def test_an_objective_of_an_endpoint_that_is_not_served_is_left_out() -> None:
    unlocked = checked(spec(), lock=None, only="prod").shared[0].systems[0]
    assert unlocked.slos == ()
    assert unlocked.left_out == ("scorer",)


@pytest.mark.parametrize(
    ("change", "age"),
    [
        (("ttl: 2h", "ttl: 2h"), 3600),  # cadence 15m + every 30m + half of every
        (("ttl: 2h", "ttl: 50m"), 3000),  # never later than the ttl
        (("        cadence: 15m\n", ""), 7200),  # without a cadence the ttl is all there is
    ],
)
def test_a_view_is_stale_after_what_cadence_interval_and_ttl_allow(change: tuple[str, str], age: int) -> None:
    (stale,) = [alert for alert in blueprint(change).alerts if alert.group == "freshness"]
    assert stale.condition.threshold == age  # type: ignore[union-attr]


def test_drift_and_quality_alert_at_the_bounds_of_the_live_checks() -> None:
    conditions = {alert.name: alert.condition for alert in blueprint().alerts}
    drift, quality = conditions["CardFraudKsDrift"], conditions["CardFraudQualityLow"]
    assert (drift.operator, str(drift.bound)) == (">", "0.2")  # type: ignore[union-attr]
    assert (quality.operator, str(quality.bound)) == ("<", "0.7")  # type: ignore[union-attr]


def test_a_drift_alert_names_the_columns_that_are_watched() -> None:
    conditions = {alert.name: alert.condition for alert in blueprint().alerts}
    columns = next(m for m in conditions["CardFraudKsDrift"].series.matchers if m[0] == "column")  # type: ignore[union-attr]
    assert set(columns[2].split("|")) == {"txn_count_1h", "amount"}


def test_training_is_overdue_when_the_longest_gap_and_patience_have_passed() -> None:
    conditions = {alert.name: alert.condition for alert in blueprint().alerts}
    overdue = conditions["CardFraudTrainingOverdue"]
    assert overdue.window == 7 * DAY + 8 * 3600  # type: ignore[union-attr]
