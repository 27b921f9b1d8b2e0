"""Facts of prometheus: versions, and what it can and cannot do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import IMMEDIATE, Exporter, Facts, KindFacts, Monitoring

_RULES: Final = "rules burn-rates recordings tests routes"
_OPERATOR: Final = abilities(f"{_RULES} objects monitors")
_PLAIN: Final = abilities(
    _RULES,
    objects=no("plain Prometheus reads files", "prometheus-operator"),
    monitors=no("plain Prometheus has its targets in its own configuration", "prometheus-operator"),
)

_GROUP: Final = "monitoring.coreos.com"
KINDS: Final = MappingProxyType(
    {
        (_GROUP, "PrometheusRule"): KindFacts(1, IMMEDIATE),
        (_GROUP, "PodMonitor"): KindFacts(1, IMMEDIATE),
        (_GROUP, "ServiceMonitor"): KindFacts(1, IMMEDIATE),
        (_GROUP, "AlertmanagerConfig"): KindFacts(1, IMMEDIATE),
    }
)

_MONITORING: Final = Monitoring("Prometheus loads the new rules after the sync")

FACTS: Final = (
    Facts(
        "monitoring",
        "prometheus-operator",
        ("0.93",),
        "0.93",
        capabilities=_OPERATOR,
        folder="prometheus",
        kinds=KINDS,
        metrics=(Exporter("mlopsctl.engines.prometheus.exported_metrics"),),
        monitoring=_MONITORING,
    ),
    Facts(
        "monitoring",
        "prometheus",
        ("2", "3"),
        "3",
        capabilities=_PLAIN,
        folder="prometheus",
        kinds=KINDS,
        metrics=(Exporter("mlopsctl.engines.prometheus.exported_metrics"),),
        monitoring=_MONITORING,
    ),
)
