"""Render the labels and annotations of a firing alert, as Prometheus renders its templates.

The number formats are those of Prometheus.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mlopsctl.blueprint.model.alerts import Alert, BoundCondition
from mlopsctl.engines.prometheus.cases.notation import ExpectedAlert


def expected_alert(
    alert: Alert, runbook: str | None, value: Decimal | int, missing: str = "", **labels: str
) -> ExpectedAlert:
    """Return the labels and annotations of an alert that fires with a value.

    `labels` are those of its series, `missing` is the share of missing values in percent, if one is reported.
    """
    sentence = _sentence(alert.condition, value, labels)
    sentence += f" {missing} of its values are missing." if missing else ""
    description = " ".join([part for part in (alert.description, sentence) if part])
    annotations = {
        "summary": alert.summary,
        **({"description": description} if description else {}),
        **({"runbook_url": runbook} if runbook else {}),
    }
    return ExpectedAlert({**labels, **alert.labels}, annotations)


def _sentence(condition: Any, value: Decimal | int, labels: dict[str, str]) -> str:
    if condition.kind == "burn":
        return f"Error ratio now: {float(value) * 100:.4g}%."
    if condition.kind == "age":
        return f"No newer one for {human_duration(int(value))}."
    if condition.kind == "failure":
        return f"The last failed {human_duration(int(value))} ago."
    if type(condition) is BoundCondition:
        which = ", ".join([f"{label} {labels[label]}" for label in condition.by])
        return f"Value now: {float(value):.4g}" + (f" ({which})." if which else ".")
    return ""


def human_duration(seconds: int) -> str:
    """Write whole seconds as `humanizeDuration` does."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours}h {minutes}m {rest}s"
    if hours:
        return f"{hours}h {minutes}m {rest}s"
    return f"{minutes}m {rest}s" if minutes else f"{rest}s"
