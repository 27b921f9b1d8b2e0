"""Settings of Grafana."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Label, LabelValue, Text, Version


class Grafana(EngineSettings):
    """Grafana, which shows the dashboards."""

    engine: Literal["grafana"]
    """The engine."""
    version: Version = "12"
    """Its version."""
    folder: Text = "mlops"
    """The folder of the dashboards."""
    labels: dict[Label, LabelValue] = {"dashboards": "grafana"}
    """Labels by which the operator selects the Grafana instance."""


SETTINGS: Final = (Grafana,)
