"""Alerts as rules: the expression, labels for routing, and texts.

Users' texts are escaped, also in labels, because Prometheus renders both as templates; only mlopsctl's sentences are
templates.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.alerts import Alert, BurnCondition
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.markers import go_template_literal
from mlopsctl.emit.promql import Expression, text
from mlopsctl.engines.prometheus.conditions import expression, measured
from mlopsctl.engines.prometheus.objectives import Objective, burning


def alert_rule(alert: Alert, objective: Objective | None, runbook: str | None) -> dict[str, Any]:
    """Return the rule of one alert; `objective` is the objective of a burn-rate alert."""
    return {
        "alert": alert.name,
        "expr": text(_condition(alert, objective)),
        **({"for": duration_text(alert.hold)} if alert.hold else {}),
        "labels": {name: go_template_literal(value) for name, value in alert.labels.items()},
        "annotations": annotation_texts(alert, runbook),
    }


def annotation_texts(alert: Alert, runbook: str | None) -> dict[str, str]:
    """Return the annotations of an alert."""
    parts = (go_template_literal(alert.description), measured(alert.condition))
    description = " ".join([part for part in parts if part])
    return {
        "summary": go_template_literal(alert.summary),
        **({"description": description} if description else {}),
        **({"runbook_url": go_template_literal(runbook)} if runbook else {}),
    }


def _condition(alert: Alert, objective: Objective | None) -> Expression:
    if type(alert.condition) is BurnCondition:
        assert objective  # noqa: S101 - a burn is one of an objective
        return burning(objective, alert.severity)
    return expression(alert)
