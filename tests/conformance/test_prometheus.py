"""What is rendered for Prometheus, read and run by promtool, amtool and the strict schemas."""

from __future__ import annotations

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
from unit.targets.prometheus.sample import (
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

from mlopsctl.blueprint.model import (
    AgeCondition,
    Blueprint,
    BoundCondition,
    CountCondition,
    Monitor,
    OverdueCondition,
    Route,
    Series,
)
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
        availability(total=Series("all_total", (("app", "=", "scorer"),))),
        availability(bad=Series("failed_total")),
        latency("1"),
        latency("0.25"),
        latency("10", windows=("5m", "30m", "1h", "2h", "6h", "1d", "3d")),
    ],
    ids=["low", "high", "week", "two-metrics", "no-labels", "whole-bound", "bound", "all-windows"],
)
def test_any_objective_s_tests_pass(slo: Any, promtool: Path, tmp_path: Path) -> None:
    holds(promtool, objective(slo), tmp_path)


@pytest.mark.parametrize("hold", [0, 60, 300, 900])
@pytest.mark.parametrize(
    "condition",
    [
        AgeCondition(GAUGE, 61),
        AgeCondition(GAUGE, 12_345),
        BoundCondition(GAUGE, ">", Decimal("0.2")),
        BoundCondition(GAUGE, "<", Decimal(0), by=("column", "kind")),
        BoundCondition(GAUGE, "<", Decimal("-1234567.5")),
        CountCondition(RUNS, 3600),
        CountCondition(RUNS, 3600, gauge=True),
        CountCondition(RUNS, 5000),
        OverdueCondition(RUNS, 93_600),
        OverdueCondition(RUNS, 90_001),
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
    made = own("up == 0", summary=HOSTILE, description=HOSTILE, labels={"severity": "page", "note": HOSTILE})
    bound = alert(BoundCondition(Series("score", (("a", "=", HOSTILE),)), ">", Decimal(1)), "Bound", summary=HOSTILE)
    holds(promtool, replace(system(made, bound), identity=who), tmp_path)


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
== 0 -> != 0
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
> 0 unless -> > -1 unless
) and -> ) or
) or ( -> ) and (
or max(absent -> and max(absent
or on () -> unless on ()
max by (column) -> max
"""
# A score that stays the same has the same average over any window.
NOT_SEEN = ["Own: [1h] is [2h]"]


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
        alert(CountCondition(RUNS, 3600), "Count", hold=0),
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
    Monitor("a", "pod", "ml", {"app.kubernetes.io/name": "a"}, "metrics", "/metrics"),
    Monitor("b", "pod", "ml", {"app": "b"}, "8080", "/metrics"),
    Monitor("c", "service", "argo", {"app": "c"}, "metrics", "/metrics", "https", True, True),
    Monitor("d", "service", "argo", {"app": "d"}, "9090", "/metrics"),
)


def test_prometheus_accepts_rules_and_scrape_targets_as_files(promtool: Path, tmp_path: Path) -> None:
    written(plain(replace(card_fraud(), monitors=MONITORS)), tmp_path)
    config = {"scrape_config_files": ["scrape/scrape.yaml"], "rule_files": ["rules/rules.yaml"]}
    (tmp_path / "prometheus.yml").write_text(yaml_text.dumps(config), encoding="utf-8")
    checked = run(promtool, "check", "config", "prometheus.yml", cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("kind", ["pagerduty", "slack", "opsgenie", "webhook", "email"])
def test_alertmanager_accepts_the_plain_configuration(kind: str, amtool: Path, tmp_path: Path) -> None:
    made = plain(card_fraud(), Route("page", kind, "a@b.example"), Route("ticket", "slack", "risk-ml"))
    path = written(made, tmp_path) / "alertmanager" / "alertmanager.yaml"
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
    made = system(burning(availability()), slos=(availability(), latency("1")))

    assert [rule["alert"] for rule in rules(made) if "alert" in rule] == ["SampleBurn"]
