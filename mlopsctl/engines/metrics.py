"""The metrics that an engine exports, and the series of a whole stack. Tables are imported on use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.metric import ANY_LABEL, Metric
from mlopsctl.catalogue.versions import at_least
from mlopsctl.engines.base import Exporter
from mlopsctl.engines.known import by_name
from mlopsctl.engines.series import children, table

__all__ = [
    "ANY_LABEL",
    "BASICS",
    "TARGET_LABELS",
    "Metric",
    "carries",
    "exported",
    "metrics",
    "own_metrics",
    "own_name",
]

KUBERNETES: Final = "kubernetes"
BASICS: Final = (("prometheus", "3"), (KUBERNETES, "1"))
"""Exporters of every monitored cluster, independent of the stack."""

TARGET_LABELS: Final = frozenset(
    {"job", "instance", "namespace", "pod", "service", "container", "endpoint", "node", "cluster"}
)
"""Labels the scrape adds; without honorLabels a metric's own label of that name becomes `exported_<name>`."""

_NONE: Final[Mapping[str, Metric]] = MappingProxyType({})


@cache
def metrics(engine: str, version: str) -> Mapping[str, Metric]:
    """List the metrics of an engine's version by name; empty for an engine that exports none."""
    metrics_by_name = {}
    for module, of_version in _exporters(engine, version):
        for metric in table(module):
            if not metric.since or at_least(of_version or version, metric.since):
                metrics_by_name[metric.name] = metric
    return MappingProxyType(metrics_by_name) if metrics_by_name else _NONE


def exported(stack: Iterable[tuple[str, str]]) -> Mapping[str, Metric]:
    """List all series of a stack of (engine, version), by queryable name.

    Histograms and summaries appear as their `_bucket`, `_sum` and `_count`; a summary's own name only if
    it has quantiles. The basics of a cluster, the steps' gauges and the recording rules are included.
    """
    return _exported(tuple(stack))


def own_metrics(engine: str = "") -> Mapping[str, Metric]:
    """List the metrics that the rendered stack itself exports, under the names of the pipeline engine.

    Includes the steps' gauges and the recording rules.
    """
    from mlopsctl.catalogue import own_metrics as own

    steps = {own_name(metric.name, engine): metric for metric in own.STEPS}
    step_metrics = {name: metric._replace(name=name) for name, metric in steps.items()}
    return MappingProxyType(step_metrics | {metric.name: metric for metric in own.RECORDINGS})


def own_name(name: str, engine: str = "") -> str:
    """Return a step's metric name in Prometheus, with the prefix of the engine that exports it."""
    return _prefix(engine) + name


@cache
def _prefix(engine: str) -> str:
    entry = by_name(engine) if engine else None
    return entry.pipelines.metric_prefix if entry and entry.pipelines else ""


def carries(metric: Metric, label: str) -> bool:
    """Return whether a series of the metric can have the label: its own, the target's, or one renamed."""
    if label in metric.labels or ANY_LABEL in metric.labels or label == "__name__":
        return True
    if ":" in metric.name:
        return False
    renamed = label.removeprefix("exported_")
    clashed = renamed != label and renamed in TARGET_LABELS and renamed in metric.labels
    return clashed or label in TARGET_LABELS


@cache
def _exported(stack: tuple[tuple[str, str], ...]) -> Mapping[str, Metric]:
    metrics_by_name: dict[str, Metric] = {}
    for engine, version in (*BASICS, *stack):
        for metric in metrics(engine, version).values():
            metrics_by_name.update((series.name, series) for series in children(metric))
    prefixing = next((engine for engine, _ in stack if _prefix(engine)), "")
    metrics_by_name.update(own_metrics(prefixing))
    return MappingProxyType(metrics_by_name)


def _exporters(engine: str, version: str) -> tuple[Exporter, ...]:
    if engine == KUBERNETES:
        return (Exporter("mlopsctl.catalogue.kubernetes_metrics"),)
    entry = by_name(engine, version)
    return entry.metrics if entry else ()
