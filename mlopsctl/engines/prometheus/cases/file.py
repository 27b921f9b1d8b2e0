"""Write the test files with all cases of all alerts of a system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mlopsctl.blueprint.model.alerts import Alert, BurnCondition, ExpressionCondition
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.origin import about
from mlopsctl.engines.prometheus.cases.conditions import condition_cases
from mlopsctl.engines.prometheus.cases.notation import LONG_STEP_S, STEP_S, Case, Timed
from mlopsctl.engines.prometheus.cases.objectives import objective_cases
from mlopsctl.engines.prometheus.cases.own import own_cases
from mlopsctl.engines.prometheus.objectives import objective

_FILES = {STEP_S: "rules.test.yaml", LONG_STEP_S: "rules.days.test.yaml"}


def test_documents(blueprint: Blueprint, rule_file: str) -> dict[str, Any]:
    """Return the unit tests of the rules in `rule_file`, by the name of the test file next to it."""
    by_step: dict[int, list[Case]] = {}
    for step, case in _cases(blueprint):
        by_step.setdefault(step, []).append(case)
    return {
        _FILES[step]: {
            "rule_files": [rule_file],
            "evaluation_interval": duration_text(step),
            "tests": tests,
        }
        for step, tests in by_step.items()
    }


def _cases(blueprint: Blueprint) -> Iterator[Timed]:
    runbook = blueprint.identity.runbook
    for slo in blueprint.slos:
        burns = [alert for alert in blueprint.alerts if _burns(alert, slo.id)]
        if burns:
            yield from _about(objective_cases(objective(blueprint, slo), burns, runbook), slo, *burns)
    for alert in blueprint.alerts:
        if type(alert.condition) is ExpressionCondition:
            yield from _about(own_cases(alert, runbook) or (), alert)
        elif type(alert.condition) is not BurnCondition:
            yield from _about(condition_cases(alert, runbook), alert)


def _about(cases: Iterable[Timed], *parts: Slo | Alert) -> list[Timed]:
    return [Timed(case.step, about(parts, case.case)) for case in cases]


def _burns(alert: Alert, slo: str) -> bool:
    return type(alert.condition) is BurnCondition and alert.condition.slo == slo
