"""What is rendered for Prometheus, read and run by promtool, amtool and the strict schemas."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from blueprints import blueprints, card_fraud
from msgspec.structs import replace
from unit.engines.prometheus.sample import (
    alert,
    availability,
    burning,
    files,
    latency,
    objective,
    own,
    plain,
    rules,
    system,
)

from mlopsctl.blueprint.decide.slo import burns
from mlopsctl.blueprint.model.alerts import AgeCondition, BoundCondition, FailureCondition, OverdueCondition, Route
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Monitor, Series
from mlopsctl.emit import yaml as yaml_text

UNITS = [
    ("payments", "dev", "card-fraud"),
    ("payments", "prod", "card-fraud"),
    ("payments", "prod", "merchants"),
    ("quickstart", "local", "quickstart"),
    ("demand-forecast", "prod", "demand-forecast"),
]
GAUGE = Series("score", (("system", "=", "s"),))
RUNS = Series("runs_total", (("name", "=", "train"), ("phase", "=~", "Failed|Error")))
HOSTILE = 'a "quoted" \\ text: {{ query "up" }} {{{ }} %{ $value `x` \u00e9\u4e2d # - [x] &a *b !c | > @'


def written(blueprint: Blueprint, folder: Path) -> Path:
    """Write a system's files."""
    for path, content in files(blueprint).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    return folder


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def run_tests(promtool: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the rendered unit tests in a folder, the quick ones first."""
    names = sorted(path.name for path in (folder / "rules").glob("*.test.yaml"))
    done = None
    for name in reversed(names):
        done = run(promtool, "test", "rules", name, cwd=folder / "rules")
        if done.returncode:
            break
    assert done is not None
    return done


def holds(promtool: Path, blueprint: Blueprint, folder: Path) -> None:
    """Demand that the rules are clean and that their tests pass."""
    written(blueprint, folder)
    lint = run(promtool, "check", "rules", "--lint=all", "--lint-fatal", "rules/rules.yaml", cwd=folder)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    assert f"{len(rules(blueprint))} rules found" in lint.stdout
    done = run_tests(promtool, folder)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids="-".join)
def test_the_examples_rules_are_clean_and_their_tests_pass(
    unit: tuple[str, str, str], promtool: Path, tmp_path: Path
) -> None:
    example, environment, name = unit
    holds(promtool, blueprints(example, environment)[name], tmp_path)


@pytest.mark.parametrize("unit", UNITS, ids="-".join)
def test_every_expression_parses_elsewhere_too(unit: tuple[str, str, str]) -> None:
    example, environment, name = unit
    for rule in rules(blueprints(example, environment)[name]):
        promql_parser.parse(rule["expr"])


@pytest.mark.parametrize(
    "slo",
    [
        availability("0.9", burns=availability("0.9").burns[1:], windows=("5m", "30m", "6h")),
        availability("0.999999"),
        availability(window=7 * 86_400),
        availability(window=86_400, burns=burns(Decimal("0.001"), 86_400), windows=("5m", "1h", "2h", "1d")),
        availability(total=Series("all_total", (("app", "=", "scorer"),))),
        availability(bad=Series("failed_total")),
        latency("1"),
        latency("0.25"),
        latency("10", windows=("5m", "30m", "1h", "2h", "6h", "1d", "3d")),
    ],
    ids=["low", "high", "week", "day", "two-metrics", "no-labels", "whole-bound", "bound", "all-windows"],
)
def test_any_objective_s_tests_pass(slo: Any, promtool: Path, tmp_path: Path) -> None:
    holds(promtool, objective(slo), tmp_path)


# Samples a minute apart, from 0 on: what the engine exports, when the alert fires and when it is silent, in minutes.
# A time is in seconds; `stale` is how Prometheus notes a target or a series that is gone, `_` a sample that is missing.
HOUR, TWO_HOURS = 3600, 7200
ENDED = Series("run_ended_seconds", (("pipeline", "=", "train"), ("status", "=~", "Failed|Error")))
COUNTED = Series("runs_failed", (("workflow", "=~", "train(-.+)?"),))
ALIVE = Series("collected_total")
_ENDED, _FIRST, _SECOND = (
    'run_ended_seconds{pipeline="train",status="Failed",pod="a"}',
    'runs_failed{workflow="train-1"}',
    'runs_failed{workflow="train-2"}',
)
_AGAIN = _ENDED.replace('pod="a"', 'pod="b"')
_UP = {"collected_total": "0x600"}
OVERDUE_TIME, FAILURE_TIME = OverdueCondition(ENDED, TWO_HOURS), FailureCondition(ENDED, HOUR)
OVERDUE_COUNT, FAILURE_COUNT = OverdueCondition(COUNTED, TWO_HOURS, ALIVE), FailureCondition(COUNTED, HOUR, ALIVE)
HISTORIES: dict[str, tuple[Any, dict[str, str], list[int], list[int]]] = {
    "time: a restart after a success, and no report since": (
        OVERDUE_TIME,
        {_ENDED: "_x10 600x20 stale _x300"},
        [131, 200, 300],
        [0, 60, 130],
    ),
    "time: a restart, then a success": (
        OVERDUE_TIME,
        {_ENDED: "600x90 stale _x300", _AGAIN: "_x100 6000x300"},
        [222, 280],
        [60, 100, 125, 220],
    ),
    "time: scraped once before a restart": (OVERDUE_TIME, {_ENDED: "_x100 6000 stale _x300"}, [221], [100, 115, 220]),
    "time: an old report returns after a gap": (
        OVERDUE_TIME,
        {_ENDED: "600x60 stale _x200 600x200"},
        [131, 200, 300, 400],
        [60, 130],
    ),
    "time: the first deployment": (OVERDUE_TIME, {}, [121, 300], [0, 30, 120]),
    "time: the first deployment, then a success in time": (
        OVERDUE_TIME,
        {_ENDED: "_x100 6000x300"},
        [221],
        [99, 121, 220],
    ),
    "time: a success ends it": (OVERDUE_TIME, {_ENDED: "_x200 12000x200"}, [150, 199, 321], [200, 250, 320]),
    "time: a new failure": (FAILURE_TIME, {_ENDED: "_x60 3600x200"}, [60, 119], [59, 120, 200]),
    "time: an old failure behind a gap": (FAILURE_TIME, {_ENDED: "0x10 stale _x100 0x200"}, [10, 59], [60, 111, 200]),
    "time: a failure, then a restart": (FAILURE_TIME, {_ENDED: "_x60 3600 stale _x200"}, [60, 118], [59, 120, 200]),
    "time: a failure right after a restart": (
        FAILURE_TIME,
        {_ENDED: "0x70 stale _x300", _AGAIN: "_x72 4320x200"},
        [72, 73, 131],
        [65, 71, 133, 250],
    ),
    "time: no run yet": (FAILURE_TIME, {}, [], [0, 60, 200]),
    "count: the first of all": (FAILURE_COUNT, {**_UP, _FIRST: "_x60 1x300"}, [60, 100, 119], [59, 122, 300]),
    "count: a new run beside an old": (
        FAILURE_COUNT,
        {**_UP, _FIRST: "1x500", _SECOND: "_x200 1x300"},
        [200, 259],
        [1, 199, 262, 400],
    ),
    "count: an old failure behind a gap of the exporter": (
        FAILURE_COUNT,
        {"collected_total": "0x90 stale _x30 0x300", _FIRST: "1x90 stale _x30 1x300"},
        [],
        [60, 121, 123, 130, 200],
    ),
    "count: a second failure within a gap": (
        FAILURE_COUNT,
        {"collected_total": "0x90 stale _x30 0x300", _FIRST: "1x90 stale _x30 2x300"},
        [122, 180],
        [60, 90, 185],
    ),
    "count: a failure right after a restart": (
        FAILURE_COUNT,
        {**_UP, _FIRST: "1x90 stale _x5 1x300"},
        [97, 150],
        [60, 90, 95, 159],
    ),
    "count: deleted runs": (FAILURE_COUNT, {**_UP, _FIRST: "2x100 1x50 0x200"}, [], [99, 101, 110, 152, 160]),
    "count: a failure after deletions": (
        FAILURE_COUNT,
        {**_UP, _FIRST: "2x100 1x50 2x200"},
        [152, 200],
        [110, 151, 215],
    ),
    "count: a fresh Prometheus sees old failures": (FAILURE_COUNT, {**_UP, _FIRST: "3x300"}, [], [0, 1, 2, 60]),
    "count: successes, and runs are deleted": (
        OVERDUE_COUNT,
        {**_UP, _FIRST: "4x150 3x60 2x200"},
        [121, 160, 300],
        [120],
    ),
    "count: a success while others are deleted": (
        OVERDUE_COUNT,
        {**_UP, _FIRST: "1x99 0x300", _SECOND: "_x100 1x300"},
        [222, 300],
        [99, 101, 130, 220],
    ),
    "count: a restart, then a success": (
        OVERDUE_COUNT,
        {**_UP, _FIRST: "1x90 stale _x20 1x300"},
        [234],
        [111, 130, 231],
    ),
    "count: a restart after a success, and no other": (
        OVERDUE_COUNT,
        {**_UP, _FIRST: "0x9 1x50 stale _x400"},
        [132, 200],
        [60, 62, 100, 129],
    ),
    "count: the first deployment": (OVERDUE_COUNT, _UP, [121, 300], [0, 60, 120]),
}


@pytest.mark.parametrize(("condition", "inputs", "firing", "silent"), HISTORIES.values(), ids=HISTORIES)
def test_an_alert_on_runs_is_right_over_restarts_gaps_deletions_and_the_first_deployment(
    condition: Any, inputs: dict[str, str], firing: list[int], silent: list[int], promtool: Path, tmp_path: Path
) -> None:
    """The oracle is promtool, on histories of times and of KFP's falling gauges, over the rendered rules."""
    written(system(alert(condition, "A", hold=0)), tmp_path)
    counted = [
        {
            "eval_time": f"{at}m",
            "expr": 'count(ALERTS{alertname="A",alertstate="firing"})',
            "exp_samples": [{"labels": "{}", "value": 1}],
        }
        for at in firing
    ]
    case = {
        "interval": "1m",
        "input_series": [{"series": series, "values": values} for series, values in inputs.items()],
        "alert_rule_test": [{"eval_time": f"{at}m", "alertname": "A", "exp_alerts": []} for at in silent],
        "promql_expr_test": counted,
    }
    tests = {"rule_files": ["rules/rules.yaml"], "evaluation_interval": "1m", "tests": [case]}
    (tmp_path / "tests.yaml").write_text(json.dumps(tests))
    done = run(promtool, "test", "rules", "tests.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("column", "firing"), [("removed", 0), ("amount", 1)])
def test_a_column_that_is_watched_no_more_does_not_fire(
    column: str, firing: int, promtool: Path, tmp_path: Path
) -> None:
    """The oracle is promtool: the exporter goes on telling of a column that the spec has removed."""
    blueprint = card_fraud()
    written(blueprint, tmp_path)
    (ks,) = [alert for alert in blueprint.alerts if alert.name == "CardFraudKsDrift"]
    assert isinstance(ks.condition, BoundCondition)
    assert "amount" in ks.condition.series.matchers[-1][2].split("|")
    labels = f'system="card-fraud",environment="prod",method="ks",column="{column}"'
    case = {
        "interval": "1m",
        "input_series": [{"series": f"{ks.condition.series.metric}{{{labels}}}", "values": "0.9x60"}],
        "promql_expr_test": [
            {
                "eval_time": "30m",
                "expr": 'count(ALERTS{alertname="CardFraudKsDrift",alertstate="firing"}) or vector(0)',
                "exp_samples": [{"labels": "{}", "value": firing}],
            }
        ],
    }
    tests = {"rule_files": ["rules/rules.yaml"], "evaluation_interval": "1m", "tests": [case]}
    (tmp_path / "tests.yaml").write_text(json.dumps(tests))
    done = run(promtool, "test", "rules", "tests.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("hold", [0, 60, 300, 900])
@pytest.mark.parametrize(
    "condition",
    [
        AgeCondition(GAUGE, 61),
        AgeCondition(GAUGE, 12_345),
        BoundCondition(GAUGE, ">", Decimal("0.2")),
        BoundCondition(GAUGE, "<", Decimal(0), by=("column", "kind")),
        BoundCondition(GAUGE, "<", Decimal("-1234567.5")),
        FailureCondition(RUNS, 3600),
        FailureCondition(RUNS, 3600, ALIVE),
        FailureCondition(RUNS, 5000),
        OverdueCondition(RUNS, 93_600),
        OverdueCondition(RUNS, 90_001),
        OverdueCondition(RUNS, 5000),
        OverdueCondition(RUNS, 5000, ALIVE),
        OverdueCondition(RUNS, 93_600, ALIVE),
    ],
    ids=str,
)
def test_any_condition_s_tests_pass(condition: Any, hold: int, promtool: Path, tmp_path: Path) -> None:
    holds(promtool, system(alert(condition, hold=hold)), tmp_path)


@pytest.mark.parametrize(
    "expression",
    [
        "score < 0.5",
        "0.5 > score",
        "score == 7",
        "score != 7",
        "score >= 3 ",
        "-score > 2",
        "1 - score{a=~'x|y',b!='z'} > 0.3",
        "abs(score) > 1",
        "avg by (app) (score{app='a',pod='b'}) > 1",
        "max without (pod) (score{app='a',pod='b'}) > 1",
        "avg_over_time(score[1h] offset 7m) * 100 < 5",
        "max_over_time(score[2d]) / 3 >= 5",
        "sum by (app) (rate(hits_total{app='a'}[10m])) > 3",
        "rate(hits_total[5m] offset 1h) < 0.5",
        "increase(hits_total[1h]) > 0",
        "increase(hits_total[2d]) < 10",
        "sum(rate(hits_total{code=~'5..'}[5m])) / sum(rate(hits_total[5m])) > 0.1",
        "sum(rate(bad_total[5m])) / sum(rate(all_total[30m])) > 0.1",
        "100 / score > 4",
        "absent(score{app='a'})",
    ],
)
@pytest.mark.parametrize("hold", [0, 1200])
def test_the_tests_of_a_user_s_own_expression_pass(expression: str, hold: int, promtool: Path, tmp_path: Path) -> None:
    holds(promtool, system(own(expression, hold=hold)), tmp_path)


def test_hostile_words_come_out_as_they_went_in(promtool: Path, tmp_path: Path) -> None:
    # The tests expect the plain text; only an escape that the template engine undoes gives that.
    who = replace(card_fraud().identity, runbook=f"https://runbooks.acme.example/{HOSTILE}")
    rule = own("up == 0", summary=HOSTILE, description=HOSTILE, labels={"severity": "page", "note": HOSTILE})
    bound = alert(BoundCondition(Series("score", (("a", "=", HOSTILE),)), ">", Decimal(1)), "Bound", summary=HOSTILE)
    holds(promtool, replace(system(rule, bound), identity=who), tmp_path)


# One a line: what stands in an expression, and what is put there instead.
SWAPS = """
[5m] -> [10m]
[30m] -> [1h]
[1h] -> [2h]
[6h] -> [12h]
[1d2h] -> [1d5h]
offset 1d2h -> offset 1h
14.4 -> 14.9
14.4 -> 14
> 6 -> > 6.2
> 6 -> > 5.8
> 3600 -> > 3601
> 3600 -> > 3599
> 0.2 -> > 0.201
> 0.2 -> >= 0.2
> 0.3 -> > 0.31
> 0.3 -> > 0.29
/ 0.001 -> / 0.002
> 93600 -> > 97201
> 93600 -> > 93599
< 3600 -> < 3901
< 3600 -> < 3300
or vector(time()) -> or vector(100000)
[1d]) -> [5m])
time() - -> 2 * time() -
1 - -> 1 +
rate1h -> rate30m
rate6h -> rate1h
Internal -> Unknown
5.. -> 4..
"scorer" -> "other"
"Succeeded" -> "Failed"
vector(0) -> vector(1)
) > 0) -> ))
) > 0) -> ) > 1)
) and -> ) or
) or ( -> ) and (
or max(last -> unless max(last
max by (column) -> max
"""
# A score that stays the same has the same average over any window; a failure's age says more than how long it is kept.
NOT_SEEN = ["Failure: [1h] is [2h]", "Own: [1h] is [2h]"]


def _mutations(rule: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a rule with one thing in it changed."""
    name, expr = rule.get("record") or rule["alert"], rule["expr"]
    swaps = [line.split(" -> ") for line in SWAPS.strip().splitlines()]
    for old, new in swaps:
        if old in expr:
            yield f"{name}: {old} is {new}", {**rule, "expr": expr.replace(old, new, 1)}
    for label, value in rule["labels"].items():
        yield f"{name}: label {label}", {**rule, "labels": {**rule["labels"], label: f"{value}x"}}
    if "alert" in rule:
        yield f"{name}: for", {**rule, "for": "20m"}
        yield f"{name}: summary", {**rule, "annotations": {**rule["annotations"], "summary": "something else"}}


def _mutated(blueprint: Blueprint) -> Iterator[tuple[str, str]]:
    """Yield the rule file with one thing changed, for each thing."""
    document = yaml.safe_load(files(blueprint)["rules/rules.yaml"])
    for group in document["groups"]:
        for number, rule in enumerate(group["rules"]):
            for what, changed in _mutations(rule):
                group["rules"][number] = changed
                yield what, yaml_text.dumps(document)
            group["rules"][number] = rule


SUCCEEDED = Series("runs_total", (("phase", "=", "Succeeded"),))
MUTABLE = {
    "objective": objective(availability()),
    "conditions": system(
        alert(AgeCondition(GAUGE, 3600), "Age"),
        alert(BoundCondition(GAUGE, ">", Decimal("0.2"), by=("column",)), "Bound"),
        alert(FailureCondition(RUNS, 3600), "Failure", hold=0),
        alert(OverdueCondition(SUCCEEDED, 93_600), "Overdue", hold=0),
        own("avg_over_time(score[1h]) > 0.3", name="Own"),
    ),
}


@pytest.mark.parametrize("name", MUTABLE)
def test_a_change_of_any_number_window_or_label_breaks_a_test(name: str, promtool: Path, tmp_path: Path) -> None:
    folder = written(MUTABLE[name], tmp_path)
    survived, tried = [], 0
    for what, content in _mutated(MUTABLE[name]):
        (folder / "rules" / "rules.yaml").write_text(content, encoding="utf-8")
        tried += 1
        if run_tests(promtool, folder).returncode == 0:
            survived.append(what)

    assert tried > 40
    assert survived == (NOT_SEEN if name == "conditions" else [])


def test_every_object_fits_the_released_schemas(oracles: Path, tmp_path: Path) -> None:
    for number, unit in enumerate(UNITS):
        written(blueprints(*unit[:2])[unit[2]], tmp_path / str(number))
    kinds = ("pagerduty", "slack", "opsgenie", "webhook", "email")
    for number, kind in enumerate(kinds):
        routed = replace(card_fraud(), routes=(Route("page", kind, "a@b.example"),), monitors=(*MONITORS,))
        written(routed, tmp_path / f"route-{number}")
    for path in [*tmp_path.rglob("rules"), *tmp_path.rglob("scrape")]:
        for file in path.iterdir():
            file.unlink()
    command = [sys.executable, oracles / "check_manifests.py", tmp_path, "--pods", "restricted"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


MONITORS = (
    Monitor("a", "pod", "ml", {"app.kubernetes.io/name": "a"}, "metrics", "/metrics", "http"),
    Monitor("b", "pod", "ml", {"app": "b"}, "8080", "/metrics", "http"),
    Monitor("c", "service", "argo", {"app": "c"}, "metrics", "/metrics", "https", True, True),
    Monitor("d", "service", "argo", {"app": "d"}, "9090", "/metrics", "http"),
)


def test_prometheus_accepts_rules_and_scrape_targets_as_files(promtool: Path, tmp_path: Path) -> None:
    written(plain(replace(card_fraud(), monitors=MONITORS)), tmp_path)
    config = {"scrape_config_files": ["scrape/scrape.yaml"], "rule_files": ["rules/rules.yaml"]}
    (tmp_path / "prometheus.yml").write_text(yaml_text.dumps(config), encoding="utf-8")
    checked = run(promtool, "check", "config", "prometheus.yml", cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("kind", ["pagerduty", "slack", "opsgenie", "webhook", "email"])
def test_alertmanager_accepts_the_plain_configuration(kind: str, amtool: Path, tmp_path: Path) -> None:
    shared = plain(card_fraud(), Route("page", kind, "a@b.example"), Route("ticket", "slack", "risk-ml"))
    path = written(shared, tmp_path) / "alertmanager" / "alertmanager.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    if kind == "email":
        config["global"] = {"smtp_smarthost": "mail.acme.example:587", "smtp_from": "alerts@acme.example"}
    path.write_text(yaml_text.dumps(config), encoding="utf-8")
    checked = run(amtool, "check-config", path, cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("system=card-fraud", "environment=prod", "severity=page"), "card-fraud.page"),
        (("system=card-fraud", "environment=prod", "severity=ticket"), "card-fraud.ticket"),
        (("system=card-fraud", "environment=dev", "severity=page"), "nobody"),
        (("system=other", "environment=prod", "severity=page"), "nobody"),
    ],
)
def test_alerts_reach_who_is_to_be_told(labels: tuple[str, ...], receiver: str, amtool: Path, tmp_path: Path) -> None:
    path = written(plain(card_fraud()), tmp_path) / "alertmanager" / "alertmanager.yaml"
    routed = run(amtool, "config", "routes", "test", f"--config.file={path}", *labels, cwd=tmp_path)

    assert routed.stdout.split() == [receiver]


def test_an_alert_of_an_objective_without_its_objective_has_no_name_twice() -> None:
    burning_system = system(burning(availability()), slos=(availability(), latency("1")))

    assert [rule["alert"] for rule in rules(burning_system) if "alert" in rule] == ["SampleBurn"]
