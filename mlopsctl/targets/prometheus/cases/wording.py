"""The words of an alert that fires, as Prometheus renders its templates.

In: an alert and the value it fires with. Out: its annotations. The number formats are those of Prometheus.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mlopsctl.blueprint.model import Alert, BoundCondition
from mlopsctl.targets.prometheus.cases.notation import Told


def told(alert: Alert, runbook: str | None, value: Decimal | int, **labels: str) -> Told:
    """Return what the alert says when it fires with a value; `labels` are those of its series."""
    sentence = _sentence(alert.condition, value, labels)
    description = " ".join([part for part in (alert.description, sentence) if part])
    annotations = {
        "summary": alert.summary,
        **({"description": description} if description else {}),
        **({"runbook_url": runbook} if runbook else {}),
    }
    return Told({**labels, **alert.labels}, annotations)


def _sentence(condition: Any, value: Decimal | int, labels: dict[str, str]) -> str:
    if condition.kind == "burn":
        return f"Error ratio now: {float(value) * 100:.4g}%."
    if condition.kind == "age":
        return "No age is reported." if value == 1 else f"Age now: {human_duration(int(value))}."
    if condition.kind == "count":
        return f"Failures in the window: {value}."
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
