"""Settings of Prometheus, with the operator and without."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import MonitoringSettings
from mlopsctl.spec.words import Label, LabelValue, Url, Version


class PrometheusOperator(MonitoringSettings):
    """Prometheus with its operator: monitoring by custom resources."""

    engine: Literal["prometheus-operator"]
    """The engine."""
    version: Version = "0.93"
    """Its version."""
    labels: dict[Label, LabelValue] = {}
    """Labels by which the operator selects rules and monitors."""
    pushgateway: Url | None = None
    """The push gateway for metrics of steps, if the pipeline engine does not export them (KFP)."""


class Prometheus(MonitoringSettings):
    """Prometheus without the operator: monitoring by rule files."""

    engine: Literal["prometheus"]
    """The engine."""
    version: Version = "3"
    """Its version."""
    pushgateway: Url | None = None
    """The push gateway for metrics of steps, if the pipeline engine does not export them (KFP)."""


SETTINGS: Final = (PrometheusOperator, Prometheus)
