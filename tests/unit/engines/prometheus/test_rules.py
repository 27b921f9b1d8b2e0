"""Groups, recordings and alerts: what is evaluated, in which order, under which names."""

from __future__ import annotations

from decimal import Decimal

import pytest
from blueprints import blueprints, card_fraud
from unit.engines.prometheus.sample import (
    REQUESTS,
    alert,
    availability,
    burning,
    documents,
    expression,
    files,
    latency,
    objective,
    own,
    recorded,
    rules,
    system,
)

from mlopsctl.blueprint.model.alerts import AgeCondition, BoundCondition, FailureCondition, OverdueCondition
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.catalogue import recordings

GAUGE = Series("score", (("system", "=", "s"),))


def expressions(threshold: str) -> dict[str, str]:
    group = rules(objective(latency(threshold)))
    return {rule["record"]: rule["expr"] for rule in group if "record" in rule}


def test_an_objective_s_alerts_stand_behind_the_recordings_they_read() -> None:
    group = documents(card_fraud(), "rules/rules.yaml")[0]["groups"][0]
    kinds = ["alert" if "alert" in rule else "record" for rule in group["rules"]]

    assert kinds == sorted(kinds, reverse=True)
    assert kinds[-1] == "alert"


def test_no_two_groups_have_one_name() -> None:
    names = [group["name"] for group in documents(card_fraud(), "rules/rules.yaml")[0]["groups"]]

    assert len(set(names)) == len(names)


def test_the_object_and_the_plain_file_hold_the_same_groups() -> None:
    (rule,) = documents(card_fraud(), "manifests/prometheus-rule.yaml")

    assert rule["spec"] == documents(card_fraud(), "rules/rules.yaml")[0]


def test_the_object_carries_the_labels_the_operator_picks_by() -> None:
    (rule,) = documents(card_fraud(), "manifests/prometheus-rule.yaml")

    assert card_fraud().engines.monitoring.settings["labels"].items() <= rule["metadata"]["labels"].items()


def test_every_recording_is_one_that_the_catalogue_knows_with_its_labels() -> None:
    from mlopsctl.engines.metrics import own_metrics

    known = own_metrics()
    for rule in rules(card_fraud()):
        if "record" in rule:
            assert tuple(rule["labels"]) == known[rule["record"]].labels


def test_a_ratio_without_traffic_is_no_sample() -> None:
    record = rules(objective(availability()))[0]

    assert record["record"] == recordings.error_ratio("5m")
    assert record["expr"].endswith(' / (sum(rate(requests_total{app="scorer"}[5m])) > 0)')


def test_failures_that_were_never_counted_are_none() -> None:
    ratio = rules(objective(availability()))[0]["expr"]

    assert ratio.startswith('(sum(rate(requests_total{app="scorer",code=~"5..|Internal"}[5m])) or vector(0))')


@pytest.mark.parametrize(
    ("threshold", "matcher"), [("0.25", 'le="0.25"'), ("1", r'le=~"1|1\\.0"'), ("1E+1", r'le=~"10|10\\.0"')]
)
def test_whole_bounds_match_as_prometheus_2_and_3_write_them(threshold: str, matcher: str) -> None:
    assert matcher in expressions(threshold)[recordings.error_ratio("5m")]


def test_thresholds_are_exact_decimals() -> None:
    group = rules(objective(availability("0.9995")))
    burn = next(rule["expr"] for rule in group if "alert" in rule)
    facts = {rule["record"]: rule["expr"] for rule in group if "record" in rule}

    assert "> 14.4 * 0.0005" in burn
    assert facts[recordings.OBJECTIVE] == "vector(0.9995)"
    assert facts[recordings.BUDGET] == "vector(0.0005)"
    assert facts[recordings.PERIOD_DAYS] == "vector(30)"


def test_an_objective_reads_only_its_own_series_where_environments_share_a_prometheus() -> None:
    for rule in rules(card_fraud()):
        for part in rule["expr"].split("mlops:slo_")[1:]:
            selector = part[part.index("{") : part.index("}")]
            assert 'environment="prod"' in selector
            assert 'system="card-fraud"' in selector


def test_an_age_that_nobody_reports_counts_from_the_first_evaluation_on() -> None:
    age_alert = alert(AgeCondition(GAUGE, 3600))
    name = 'mlops:feature_row:newest_timestamp_seconds{system="card-fraud",environment="prod"}'

    assert expression(age_alert) == f"time() - max({name}) > 3600"
    assert recorded(age_alert) == (
        f'max(max_over_time(score{{system="s"}}[15m])) or max(last_over_time({name}[1d])) or vector(time())'
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (BoundCondition(GAUGE, ">", Decimal("0.2")), 'max(score{system="s"}) > 0.2'),
        (BoundCondition(GAUGE, "<", Decimal("0.78")), 'min(score{system="s"}) < 0.78'),
        (
            BoundCondition(GAUGE, ">", Decimal("0.2"), by=("column",)),
            'max by (column) (score{system="s"}) > 0.2',
        ),
    ],
)
def test_of_several_pods_the_worst_counts(condition: BoundCondition, expected: str) -> None:
    assert expression(alert(condition)) == expected


def test_a_failure_is_told_of_by_its_time_over_a_restart_of_who_reports_it() -> None:
    text = expression(alert(FailureCondition(REQUESTS, 3600)))

    assert text == 'time() - max(max_over_time(requests_total{app="scorer"}[1h])) < 3600'


def test_a_gauge_that_falls_is_no_failure() -> None:
    failure_alert = alert(FailureCondition(GAUGE, 3600, Series("alive")))
    name = 'mlops:run_failure:last_timestamp_seconds{system="card-fraud",environment="prod"}'

    assert expression(failure_alert) == f"time() - max(max_over_time({name}[1h])) < 3600"
    assert recorded(failure_alert).startswith(
        'count(score{system="s"} > last_over_time(score{system="s"}[1d] offset 1m) or '
    )
    assert recorded(failure_alert).endswith(f" * 0 + time() or max(last_over_time({name}[1d]))")


def test_nothing_is_overdue_before_its_window_has_passed_since_the_first_evaluation() -> None:
    overdue_alert = alert(OverdueCondition(REQUESTS, 93_600))
    name = 'mlops:run_success:last_timestamp_seconds{system="card-fraud",environment="prod"}'

    assert expression(overdue_alert) == f"time() - max({name}) > 93600"
    assert recorded(overdue_alert).endswith(f" or max(last_over_time({name}[1d])) or vector(time())")


def test_a_recording_is_evaluated_before_its_alert_and_twice_while_a_rise_is_seen() -> None:
    document = documents(card_fraud(), "rules/rules.yaml")[0]
    (group,) = [group for group in document["groups"] if group["name"] == "card-fraud.training"]

    assert group["interval"] == "30s"
    assert ["record" in rule for rule in group["rules"]] == [True, False, False]


def test_a_person_s_words_are_no_template() -> None:
    rule = rules(system(own("up == 0", summary="{{ query }}", description="see {{ $labels.pod }}")))[0]

    assert rule["annotations"]["summary"] == '{{ "{{" }} query }}'
    assert rule["annotations"]["description"] == 'see {{ "{{" }} $labels.pod }}'


def test_a_condition_that_need_not_last_has_no_for() -> None:
    held, at_once = rules(system(own("up == 0", name="A"), own("up == 0", name="B", hold=0)))

    assert held["for"] == "5m"
    assert "for" not in at_once


def test_alerts_go_into_one_group_a_kind() -> None:
    blueprint = system(own("up == 0", name="A"), own("up == 0", name="B"))

    assert [g["name"] for g in documents(blueprint, "rules/rules.yaml")[0]["groups"]] == ["card-fraud.own"]


def test_a_system_without_alerts_has_no_rules() -> None:
    assert not [path for path in files(system(routes=(), monitors=())) if "rule" in path]


def test_an_objective_without_alerts_is_recorded_all_the_same() -> None:
    group = rules(system(slos=(availability(),)))

    assert group
    assert all("record" in rule for rule in group)


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_rendering_twice_gives_the_same_bytes(environment: str) -> None:
    for blueprint in blueprints("payments", environment).values():
        assert files(blueprint) == files(blueprint)


def test_an_expression_is_the_user_s_own_and_nothing_is_put_around_it() -> None:
    assert expression(own('avg_over_time(score{a="}"}[1h]) < 0.01 # low')) == 'avg_over_time(score{a="}"}[1h]) < 0.01'


def test_a_burn_s_labels_are_complete() -> None:
    group = rules(system(burning(availability()), slos=(availability(),)))

    assert next(rule for rule in group if "alert" in rule)["labels"]["slo_id"] == "scorer-availability"
