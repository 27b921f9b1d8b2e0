"""Which metrics an engine exports, and which series a whole stack therefore has.

In: engine names with versions. Out: `Metric` values by name. Loads only the tables that are asked for;
never asks a live system.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.metric import ANY_LABEL, Metric
from mlopsctl.catalogue.versions import at_least

__all__ = [
    "ANY_LABEL",
    "BASICS",
    "TARGET_LABELS",
    "Metric",
    "carries",
    "children",
    "exported",
    "metrics",
    "own_metrics",
    "own_name",
]

BASICS: Final = (("prometheus", "3"), ("kubernetes", "1"))
"""What every monitored cluster exports, whatever the stack."""

TARGET_LABELS: Final = frozenset(
    {"job", "instance", "namespace", "pod", "service", "container", "endpoint", "node", "cluster"}
)
"""Labels the scrape adds; without honorLabels a metric's own label of that name becomes `exported_<name>`."""

_TABLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "seldon-1": ("seldon1",),
        # MLServer is the inference server below both.
        "seldon-2": ("seldon2", "mlserver"),
        "kserve": ("kserve", "mlserver"),
        "mlserver": ("mlserver",),
        "argo-workflows": ("argo_workflows",),
        # KFP runs are Argo workflows underneath.
        "kfp": ("kfp", "argo_workflows"),
        "kale": ("kfp", "argo_workflows"),
        "feast": ("feast",),
        "mlflow": ("mlflow",),
        "prometheus": ("prometheus",),
        "prometheus-operator": ("prometheus",),
        "kubernetes": ("kubernetes",),
        "argocd": ("argocd",),
        "external-secrets": ("external_secrets",),
    }
)
_ARGO_BELOW_KFP: Final = "3.7"
_NONE: Final[Mapping[str, Metric]] = MappingProxyType({})


@cache
def metrics(engine: str, version: str) -> Mapping[str, Metric]:
    """List the metrics of an engine's version by name; empty for an engine that exports none."""
    found = {}
    for table in _TABLES.get(_key(engine, version), ()):
        tested = _ARGO_BELOW_KFP if table == "argo_workflows" and engine != "argo-workflows" else version
        for metric in _table(table):
            if not metric.since or at_least(tested, metric.since):
                found[metric.name] = metric
    return MappingProxyType(found) if found else _NONE


def exported(stack: Iterable[tuple[str, str]]) -> Mapping[str, Metric]:
    """List every series that a stack of (engine, version) has, by its queryable name.

    Histograms and summaries appear as their `_bucket`, `_sum` and `_count`; a summary's own name only when
    it has quantiles. The basics of a cluster, the steps' gauges and the recording rules are included.
    """
    return _exported(tuple(stack))


def own_metrics(engine: str = "") -> Mapping[str, Metric]:
    """List what the rendered stack exports itself, under the names the pipelines engine gives them.

    Holds the steps' gauges and the recording rules.
    """
    from mlopsctl.catalogue.exporters import own

    steps = {own_name(metric.name, engine): metric for metric in own.STEPS}
    named = {name: metric._replace(name=name) for name, metric in steps.items()}
    return MappingProxyType(named | {metric.name: metric for metric in own.RECORDINGS})


def own_name(name: str, engine: str = "") -> str:
    """Name a step's metric as Prometheus sees it: Argo Workflows prefixes it, others leave it."""
    return f"argo_workflows_{name}" if engine == "argo-workflows" else name


def children(metric: Metric) -> tuple[Metric, ...]:
    """Split a metric into the series that can be queried, each with its own type and labels."""
    if metric.type not in {"histogram", "summary"}:
        return (metric,)
    plain = tuple(label for label in metric.labels if label != "quantile")
    total = metric._replace(name=f"{metric.name}_sum", type="counter", labels=plain, buckets=())
    series = (total, total._replace(name=f"{metric.name}_count"))
    if metric.type == "histogram":
        bucket = metric._replace(name=f"{metric.name}_bucket", type="counter", labels=(*plain, "le"))
        return (bucket, *series)
    return (metric, *series) if "quantile" in metric.labels else series


def carries(metric: Metric, label: str) -> bool:
    """Tell whether a series of the metric can have the label: its own, the target's, or one renamed."""
    if label in metric.labels or ANY_LABEL in metric.labels or label == "__name__":
        return True
    if ":" in metric.name:
        return False
    renamed = label.removeprefix("exported_")
    clashed = renamed != label and renamed in TARGET_LABELS and renamed in metric.labels
    return clashed or label in TARGET_LABELS


@cache
def _exported(stack: tuple[tuple[str, str], ...]) -> Mapping[str, Metric]:
    found: dict[str, Metric] = {}
    for engine, version in (*BASICS, *stack):
        for metric in metrics(engine, version).values():
            found.update((series.name, series) for series in children(metric))
    prefixing = any(engine == "argo-workflows" for engine, _ in stack)
    found.update(own_metrics("argo-workflows" if prefixing else ""))
    return MappingProxyType(found)


def _key(engine: str, version: str) -> str:
    return f"{engine}-{version.partition('.')[0]}" if engine == "seldon" else engine


@cache
def _table(name: str) -> tuple[Metric, ...]:
    table: tuple[Metric, ...] = import_module(f"mlopsctl.catalogue.exporters.{name}").METRICS
    return table
