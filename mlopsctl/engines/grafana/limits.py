"""What Grafana cannot show of a system."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.grafana import codes, conventions


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Report a dashboard that would be too large for its ConfigMap."""
    live = blueprint.checks.live if blueprint.checks else None
    watched = len(live.drift) if live else 0
    views = len(blueprint.features.views) if blueprint.features else 0
    if watched + views <= conventions.MOST_PANELS - 100:
        return ()
    message = f"the dashboard is too large: it needs a panel for each of {watched} columns and {views} views"
    path = "spec.checks.live.drift" if watched >= views else "spec.features.views"
    return (codes.GRAFANA_TOO_LARGE.at(None, message, path=path),)


LIMITS: Final = Limits(system=limits)
