"""Print the metrics that the real Feast declares: name, type, labels and bucket bounds, as JSON."""

from __future__ import annotations

import json
import sys

from feast import metrics
from prometheus_client.metrics import MetricWrapperBase


def described() -> dict[str, dict[str, object]]:
    """Describe every metric of the module by the name it is exported under."""
    catalogue = {}
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            name = metric._name + ("_total" if metric._type == "counter" else "")
            bounds = [str(bound) for bound in getattr(metric, "_upper_bounds", ())[:-1]]
            bounds = bounds or [str(bound) for bound in metric._kwargs.get("buckets", ())]
            catalogue[name] = {"type": metric._type, "labels": list(metric._labelnames), "buckets": bounds}
    return catalogue


if __name__ == "__main__":
    json.dump(described(), sys.stdout)
