"""The unit tests that are rendered: a case that fires and one that is silent, from the alert's own numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from blueprints import blueprints, card_fraud
from unit.engines.prometheus.sample import (
    REQUESTS,
    alert,
    availability,
    latency,
    objective,
    own,
    system,
    unit_tests,
)

from mlopsctl.blueprint.model.alerts import AgeCondition, Alert, BoundCondition, FailureCondition, OverdueCondition
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.engines import signals
from mlopsctl.engines.prometheus import target
from mlopsctl.engines.prometheus.cases import examples
from mlopsctl.engines.prometheus.cases.notation import constant, counter
from mlopsctl.engines.prometheus.cases.wording import human_duration

EXAMPLES = [
    ("payments", "dev"),
    ("payments", "prod"),
    ("quickstart", "local"),
    ("demand-forecast", "prod"),
]


def systems() -> list[Blueprint]:
    return [blueprint for example, environment in EXAMPLES for blueprint in blueprints(example, environment).values()]


def checks(blueprint: Blueprint) -> dict[str, set[bool]]:
    """Tell for each alert whether some test expects it to fire, and some to be silent."""
    outcomes: dict[str, set[bool]] = {}
    for test in unit_tests(blueprint):
        for check in test.get("alert_rule_test", ()):
            outcomes.setdefault(check["alertname"], set()).add(bool(check["exp_alerts"]))
    return outcomes


def values(text: str) -> list[Decimal]:
    """Write out a series of values as promtool does."""
    numbers: list[Decimal] = []
    for word in text.split():
        start, step, times = re.fullmatch(r"(-?[\d.]+)(?:\+([\d.]+))?x(\d+)", word).groups()  # type: ignore[union-attr]
        numbers += [Decimal(start) + Decimal(step or 0) * number for number in range(int(times) + 1)]
    return numbers


@pytest.mark.parametrize(
    "blueprint", systems(), ids=lambda blueprint: f"{blueprint.identity.system}-{blueprint.identity.environment}"
)
def test_every_alert_has_a_case_that_fires_and_one_that_is_silent(blueprint: Blueprint) -> None:
    assert checks(blueprint) == {alert.name: {True, False} for alert in blueprint.alerts}


def test_every_pair_of_windows_has_a_case_of_its_own() -> None:
    names = [test["name"] for test in unit_tests(objective(availability()))]

    assert "scorer-availability: page by 1h and 5m" in names
    assert "scorer-availability: page by 6h and 30m" in names


def test_traffic_comes_from_every_series_an_objective_adds_up() -> None:
    test = next(test for test in unit_tests(objective(availability())) if "requests are bad" in test["name"])

    assert [series["series"] for series in test["input_series"]] == [
        'requests_total{app="scorer",code="500"}',
        'requests_total{app="scorer",code="Internal"}',
        'requests_total{app="scorer",code="200"}',
    ]


def test_both_ways_to_write_a_whole_bound_are_tried() -> None:
    inputs = {series["series"] for test in unit_tests(objective(latency("1"))) for series in test["input_series"]}

    assert 'latency_seconds_bucket{app="scorer",le="1"}' in inputs
    assert 'latency_seconds_bucket{app="scorer",le="1.0"}' in inputs


def test_a_case_at_the_bound_uses_the_bound_itself() -> None:
    bound_alert = alert(BoundCondition(REQUESTS, "<", Decimal("0.78")))
    at = next(test for test in unit_tests(system(bound_alert)) if "just at the bound" in test["name"])

    assert at["input_series"][0]["values"] == "0.78x1"


def test_an_alert_that_must_last_is_silent_one_step_earlier() -> None:
    age_alert = alert(AgeCondition(REQUESTS, 3600), hold=900)
    old = next(test for test in unit_tests(system(age_alert)) if "too old" in test["name"])

    assert [(check["eval_time"], bool(check["exp_alerts"])) for check in old["alert_rule_test"]] == [
        ("10m", False),
        ("15m", True),
    ]


def expected(alert: Alert, what: str) -> list[tuple[str, bool]]:
    """List the moments of a case, and whether the alert fires then."""
    test = next(test for test in unit_tests(system(alert)) if what in test["name"])
    return [(check["eval_time"], bool(check["exp_alerts"])) for check in test["alert_rule_test"]]


@pytest.mark.parametrize(
    ("alert", "lost"),
    [
        (alert(AgeCondition(REQUESTS, 3600), hold=300), [("1h5m", False), ("1h15m", True)]),
        (alert(OverdueCondition(REQUESTS, 3600), hold=300), [("1h5m", False), ("1h15m", True)]),
    ],
    ids=["age", "overdue"],
)
def test_a_report_that_is_not_repeated_is_no_fault_before_it_is_old(alert: Alert, lost: list[tuple[str, bool]]) -> None:
    assert expected(alert, "reported once, and lost") == lost
    assert expected(alert, "never reported") == [("1h", False), ("1h10m", True)]


def test_a_count_s_cases_say_that_its_exporter_is_there() -> None:
    failure_alert = alert(FailureCondition(REQUESTS, 3600, Series("alive")), hold=0)

    for test in unit_tests(system(failure_alert)):
        assert "alive" in [series["series"] for series in test["input_series"]]


def test_what_takes_days_is_evaluated_hourly() -> None:
    contents = {str(file.path): file.content for file in target.render(card_fraud())}

    assert 'evaluation_interval: "1h"' in contents["rules/rules.days.test.yaml"]
    assert "TrainingOverdue" in contents["rules/rules.days.test.yaml"]
    assert "TrainingOverdue" not in contents["rules/rules.test.yaml"]


def test_a_failure_of_each_kind_is_tried() -> None:
    series = signals.run_ends("argo-workflows", "train", "failed", ("s", "e"))
    assert series
    failure_alert = alert(FailureCondition(Series(*series), 3600), hold=0)
    inputs = [series["series"] for test in unit_tests(system(failure_alert)) for series in test["input_series"]]

    metric = "argo_workflows_mlops_pipeline_run_ended_timestamp_seconds"
    assert set(inputs) == {
        f'{metric}{{system="s",environment="e",pipeline="train",status="{status}"}}' for status in ("Failed", "Error")
    }


def _patterns() -> list[str]:
    all_series: list[Any] = [
        signals.error_series(engine, version, kind, ("a.b", "c"))
        for engine, version in (("seldon", "2"), ("seldon", "1"), ("kserve", "0.20"), ("mlserver", "1.7"))
        for kind in signals.kinds(engine, version)
    ]
    all_series += [signals.run_series(engine, "t.n", "failed") for engine in ("argo-workflows", "kfp")]
    matched = [value for series in all_series if series for _, operator, value in series.matchers if operator == "=~"]
    return [*matched, "d_[0-9]+"]


@pytest.mark.parametrize("pattern", sorted(set(_patterns())))
def test_each_example_matches_the_pattern_it_is_for(pattern: str) -> None:
    matching_values = examples.alternatives(pattern)

    assert len(set(matching_values)) == len(matching_values)
    assert all(re.fullmatch(pattern, text) for text in matching_values)


@pytest.mark.parametrize("threshold", ["0.0144", "0.000001", "0.98", "0.999", "0.5"])
def test_ratios_lie_on_either_side_of_a_threshold_and_never_above_one(threshold: str) -> None:
    limit = Decimal(threshold)

    assert limit * Decimal("0.97") < examples.short_of(limit) < limit < examples.beyond(limit) <= 1


def test_a_counter_goes_on_from_part_to_part() -> None:
    written = counter(5, (0, 1), (1, 1), (0, 3))

    assert written == "5+0x1 6+1x0 6+0x2"
    assert values(written) == [5, 5, 6, 6, 6, 6]


def test_parts_that_grow_alike_are_one() -> None:
    assert counter(0, (2, 3), (2, 4), (Decimal("0.5"), 2)) == "0+2x7 14.5+0.5x1"


def test_a_constant_has_one_value_more_than_it_says() -> None:
    assert values(constant(Decimal("0.10"), 2)) == [Decimal("0.1")] * 3


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "1s"), (61, "1m 1s"), (3600, "1h 0m 0s"), (90_061, "1d 1h 1m 1s"), (0, "0s")],
)
def test_durations_are_worded_as_prometheus_words_them(seconds: int, text: str) -> None:
    assert human_duration(seconds) == text


@pytest.mark.parametrize(
    "expression",
    [
        "score < 0.5",
        "0.5 > score",
        "(max(score) >= 3)",
        "score == 7",
        "score != 7",
        "-score > 2",
        "avg_over_time(score[1h]) * 100 < 5",
        "sum by (app) (rate(hits_total[10m])) > 3",
        "increase(hits_total[1h]) > 0",
        "sum(rate(hits_total{code=~'5..'}[5m])) / sum(rate(hits_total[5m])) > 0.1",
        "sum(rate(bad_total[5m])) / sum(rate(all_total[5m])) > 0.1",
        "1 - score > 0.3",
        "absent(score)",
        "rate(hits_total[5m]) < 0.5",
    ],
)
def test_an_expression_that_can_be_turned_around_has_both_cases(expression: str) -> None:
    assert checks(system(own(expression))) == {"Sample": {True, False}}
    assert target.limits(system(own(expression))) == ()


@pytest.mark.parametrize(
    "expression",
    [
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > 1",
        "a > b",
        "score > bool 1",
        "max_over_time(rate(hits_total[5m])[1h:]) > 1",
        "score @ 0 > 1",
        "rate(hits_total[1m]) > 1",
        "count(score) > 3",
        "score * 0 > 1",
        "vector(1)",
    ],
)
def test_an_expression_that_cannot_be_is_said_to_have_no_test(expression: str) -> None:
    blueprint = system(own(expression))
    (diagnostic,) = target.limits(blueprint)

    assert diagnostic.code == "MLC850"
    assert diagnostic.path == "spec.alerts.rules.Sample.expr"
    assert unit_tests(blueprint) == []
