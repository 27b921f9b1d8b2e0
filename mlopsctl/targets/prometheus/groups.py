"""Rule groups: what is evaluated together and in order.

In: a Blueprint. Out: groups with unique names, in the order of the Blueprint. An objective's alerts stand behind the
recordings they read, in one group: across groups there is no order, and an alert would lag.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Alert, Blueprint, BurnCondition
from mlopsctl.emit.origin import about
from mlopsctl.targets.prometheus import conventions
from mlopsctl.targets.prometheus.alerts import alert_rule
from mlopsctl.targets.prometheus.objectives import (
    Objective,
    budget_rules,
    objective,
    recording_rules,
)

Group = dict[str, Any]


def rule_groups(blueprint: Blueprint) -> list[Group]:
    """Return every group of the system."""
    objectives = {slo.id: objective(blueprint, slo) for slo in blueprint.slos}
    groups: list[Group] = []
    for one in objectives.values():
        groups += _objective_groups(blueprint, one)
    return [*groups, *_alert_groups(blueprint)]


def _objective_groups(blueprint: Blueprint, one: Objective) -> tuple[Group, Group]:
    runbook = blueprint.identity.runbook
    burns = [about((alert,), alert_rule(alert, one, runbook)) for alert in blueprint.alerts if _burns(alert, one)]
    return (
        about(
            (one.slo,),
            {
                "name": one.slo.id,
                "interval": conventions.EVALUATE,
                "rules": [*recording_rules(one), *burns],
            },
        ),
        about(
            (one.slo,),
            {
                "name": f"{one.slo.id}.budget",
                "interval": conventions.EVALUATE_BUDGET,
                "rules": budget_rules(one),
            },
        ),
    )


def _burns(alert: Alert, one: Objective) -> bool:
    return type(alert.condition) is BurnCondition and alert.condition.slo == one.slo.id


def _alert_groups(blueprint: Blueprint) -> list[Group]:
    """Return a group for each kind of alert that is not about an objective."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for alert in blueprint.alerts:
        if type(alert.condition) is not BurnCondition:
            rule = about((alert,), alert_rule(alert, None, blueprint.identity.runbook))
            by_kind.setdefault(alert.group, []).append(rule)
    system = blueprint.identity.system
    return [{"name": f"{system}.{kind}", "rules": rules} for kind, rules in by_kind.items()]
