"""Settings of Grafana."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Label, LabelValue, Text, Version


class Grafana(EngineSettings):
    """Grafana shows dashboards."""

    engine: Literal["grafana"]
    """The engine."""
    version: Version = "12"
    """Its version."""
    folder: Text = "mlops"
    """The folder dashboards are put in."""
    labels: dict[Label, LabelValue] = {"dashboards": "grafana"}
    """Labels of the Grafana instance that the operator picks."""


SETTINGS: Final = (Grafana,)
