"""Numbers that steps find out, where the pipeline engine exports none of them."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic

_REPORTED = ("freshness", "drift", "quality")
"""The groups of alerts that read numbers which the steps report."""


def unreported(blueprint: Blueprint, engine: str) -> Iterator[Diagnostic]:
    """Find alerts on numbers that no one can scrape, because neither the engine nor a gateway has them."""
    if blueprint.engines.monitoring.settings.get("pushgateway"):
        return
    groups = {alert.group for alert in blueprint.alerts}
    alert_groups = [group for group in _REPORTED if group in groups]
    if alert_groups:
        listed = ", ".join(f"`{group}`" for group in alert_groups)
        message = f"{engine} exports none of the numbers that these alerts read: {listed}; and there is no push gateway"
        yield codes.UNREPORTED.at(None, message, path=f"spec.alerts.{alert_groups[0]}")
