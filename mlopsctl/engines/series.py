"""The metrics of an exporter, and the series of each that can be queried."""

from __future__ import annotations

from functools import cache

from mlopsctl.catalogue.metric import Metric
from mlopsctl.engines.base import attribute


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


@cache
def table(module: str) -> tuple[Metric, ...]:
    """Load the metrics of an exporter."""
    metrics: tuple[Metric, ...] = attribute(f"{module}:METRICS", tuple)
    return metrics
