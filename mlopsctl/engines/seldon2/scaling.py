"""Scaling of Models: a fixed number of replicas, Seldon's scaler for lag, a cluster autoscaler for requests."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Autoscale, Endpoint
from mlopsctl.catalogue.platform import SYNC_WAVES
from mlopsctl.engines import signals
from mlopsctl.engines.seldon2 import conventions
from mlopsctl.engines.shared import kubernetes, serving


def replicas(endpoint: Endpoint) -> dict[str, int]:
    """Return a Model's numbers of replicas.

    Bounds on the Model switch Seldon's own scaler on, so they stand there for lag alone. The autoscaler writes
    `replicas`, and needs the field to be there.
    """
    if endpoint.autoscale and endpoint.autoscale.metric == "lag":
        return {"minReplicas": endpoint.min_replicas, "maxReplicas": endpoint.max_replicas}
    return {"replicas": endpoint.min_replicas}


def on_requests(endpoint: Endpoint) -> Autoscale | None:
    """Return the metric of the cluster's autoscaler, if it scales the endpoint."""
    scale = endpoint.autoscale
    return scale if scale and scale.metric == "rps" else None


def autoscaler(blueprint: Blueprint, endpoint: Endpoint, name: str, scale: Autoscale) -> dict[str, Any]:
    """Return the HorizontalPodAutoscaler of the Model `name`; the average a copy is the only target that works."""
    meta = kubernetes.metadata(
        blueprint, name, serving.COMPONENT, wave=SYNC_WAVES["autoscaling", "HorizontalPodAutoscaler"]
    )
    model = {"apiVersion": conventions.API_VERSION, "kind": "Model", "name": name}
    metric = {
        "metric": {"name": conventions.RPS_METRIC},
        "describedObject": model,
        "target": {"type": "AverageValue", "averageValue": quantity(scale.target)},
    }
    spec = {
        "scaleTargetRef": model,
        "minReplicas": endpoint.min_replicas,
        "maxReplicas": endpoint.max_replicas,
        "metrics": [{"type": "Object", "object": metric}],
    }
    return kubernetes.manifest(conventions.AUTOSCALING, "HorizontalPodAutoscaler", meta, spec=spec)


def quantity(value: Decimal) -> str:
    """Format a number as the API server does: `50`, and `2500m` for 2.5; finer fractions are rounded up."""
    thousandths = ceil(value * 1000)
    return f"{thousandths}m" if thousandths % 1000 else str(thousandths // 1000)


def adapter_rules() -> dict[str, Any]:
    """Return the values of the chart prometheus-adapter that give the cluster the metric."""
    series = signals.request_series("seldon", "2", "model", "any")
    assert series  # noqa: S101 - the catalogue's own row
    rule = {
        "seriesQuery": series.metric + '{namespace!=""}',
        "resources": {
            "overrides": {
                "model": {"group": conventions.GROUP, "resource": "model"},
                "namespace": {"resource": "namespace"},
            }
        },
        "name": {"matches": f"^{series.metric}$", "as": conventions.RPS_METRIC},
        "metricsQuery": conventions.RPS_QUERY,
    }
    return {"rules": {"custom": [rule]}}
