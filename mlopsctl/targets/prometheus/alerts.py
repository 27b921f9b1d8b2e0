"""Alerts as rules: the expression, labels for routing, and words for the person who is told.

In: a Blueprint's alerts. Out: plain rules. A person's text is escaped, in labels too, which Prometheus also
renders as templates; only our own sentences are meant as such.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Alert, BurnCondition
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.markers import go_template_literal
from mlopsctl.emit.promql import Expression, text
from mlopsctl.targets.prometheus.conditions import expression, measured
from mlopsctl.targets.prometheus.objectives import Objective, burning


def alert_rule(alert: Alert, one: Objective | None, runbook: str | None) -> dict[str, Any]:
    """Return the rule of one alert; `one` is the objective it is about, if it is about one."""
    return {
        "alert": alert.name,
        "expr": text(_condition(alert, one)),
        **({"for": duration_text(alert.hold)} if alert.hold else {}),
        "labels": {name: go_template_literal(value) for name, value in alert.labels.items()},
        "annotations": words(alert, runbook),
    }


def words(alert: Alert, runbook: str | None) -> dict[str, str]:
    """Return what the person reads."""
    told = (go_template_literal(alert.description), measured(alert.condition))
    description = " ".join([part for part in told if part])
    return {
        "summary": go_template_literal(alert.summary),
        **({"description": description} if description else {}),
        **({"runbook_url": go_template_literal(runbook)} if runbook else {}),
    }


def _condition(alert: Alert, one: Objective | None) -> Expression:
    if type(alert.condition) is BurnCondition:
        assert one  # noqa: S101 - a burn is one of an objective
        return burning(one, alert.severity)
    return expression(alert.condition)
