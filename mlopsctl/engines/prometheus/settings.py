"""Settings of Prometheus, with the operator and without."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import MonitoringSettings
from mlopsctl.spec.words import Label, LabelValue, Url, Version


class PrometheusOperator(MonitoringSettings):
    """Prometheus watches, through the operator's resources."""

    engine: Literal["prometheus-operator"]
    """The engine."""
    version: Version = "0.93"
    """Its version."""
    labels: dict[Label, LabelValue] = {}
    """Labels the operator selects rules and monitors by."""
    pushgateway: Url | None = None
    """The push gateway that steps report to where the pipeline engine exports no numbers of theirs (KFP)."""


class Prometheus(MonitoringSettings):
    """Prometheus watches, through plain rule files."""

    engine: Literal["prometheus"]
    """The engine."""
    version: Version = "3"
    """Its version."""
    pushgateway: Url | None = None
    """The push gateway that steps report to where the pipeline engine exports no numbers of theirs (KFP)."""


SETTINGS: Final = (PrometheusOperator, Prometheus)
