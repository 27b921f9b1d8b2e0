"""Rule groups: rules that are evaluated together and in order.

Alerts follow the recordings that they read in the same group, because groups have no order among each other.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.alerts import Alert, BurnCondition
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.emit.origin import about
from mlopsctl.engines.prometheus import conventions
from mlopsctl.engines.prometheus.alerts import alert_rule
from mlopsctl.engines.prometheus.conditions import recording
from mlopsctl.engines.prometheus.objectives import Objective, budget_rules, objective, recording_rules

Group = dict[str, Any]


def rule_groups(blueprint: Blueprint) -> list[Group]:
    """Return every group of the system."""
    objectives = {slo.id: objective(blueprint, slo) for slo in blueprint.slos}
    groups: list[Group] = []
    for labelled in objectives.values():
        groups += _objective_groups(blueprint, labelled)
    return [*groups, *_alert_groups(blueprint)]


def _objective_groups(blueprint: Blueprint, labelled: Objective) -> tuple[Group, Group]:
    runbook = blueprint.identity.runbook
    burns = [
        about((alert,), alert_rule(alert, labelled, runbook)) for alert in blueprint.alerts if _burns(alert, labelled)
    ]
    return (
        about(
            (labelled.slo,),
            {
                "name": labelled.slo.id,
                "interval": conventions.EVALUATE,
                "rules": [*recording_rules(labelled), *burns],
            },
        ),
        about(
            (labelled.slo,),
            {
                "name": f"{labelled.slo.id}.budget",
                "interval": conventions.EVALUATE_BUDGET,
                "rules": budget_rules(labelled),
            },
        ),
    )


def _burns(alert: Alert, labelled: Objective) -> bool:
    return type(alert.condition) is BurnCondition and alert.condition.slo == labelled.slo.id


def _alert_groups(blueprint: Blueprint) -> list[Group]:
    """Return a group per kind of alert, except alerts on objectives."""
    by_kind: dict[str, list[Alert]] = {}
    for alert in blueprint.alerts:
        if type(alert.condition) is not BurnCondition:
            by_kind.setdefault(alert.group, []).append(alert)
    return [_alert_group(blueprint, kind, alerts) for kind, alerts in by_kind.items()]


def _alert_group(blueprint: Blueprint, kind: str, alerts: list[Alert]) -> Group:
    """Return a group with the recorded times, followed by the alerts that read them."""
    runbook = blueprint.identity.runbook
    recorded = [about((alert,), rule) for alert in alerts if (rule := recording(alert))]
    return {
        "name": f"{blueprint.identity.system}.{kind}",
        **({"interval": conventions.EVALUATE} if recorded else {}),
        "rules": [*recorded, *(about((alert,), alert_rule(alert, None, runbook)) for alert in alerts)],
    }
