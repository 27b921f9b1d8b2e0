"""Metrics of steps that the pipeline engine does not export."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic

_REPORTED = ("freshness", "drift", "quality")
"""The groups of alerts that read metrics of the steps."""


def unreported(blueprint: Blueprint, engine: str) -> Iterator[Diagnostic]:
    """Report alerts on metrics of steps that neither the engine nor a push gateway exports."""
    if blueprint.engines.monitoring.settings.get("pushgateway"):
        return
    groups = {alert.group for alert in blueprint.alerts}
    alert_groups = [group for group in _REPORTED if group in groups]
    if alert_groups:
        listed = ", ".join(f"`{group}`" for group in alert_groups)
        message = (
            f"{engine} does not export the metrics of steps that alerts read ({listed}), and no push gateway is set"
        )
        yield codes.UNREPORTED.at(None, message, path=f"spec.alerts.{alert_groups[0]}")
