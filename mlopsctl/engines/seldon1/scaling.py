"""How a predictor scales: the cluster's autoscaler for the processor and memory, KEDA for requests."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Autoscale, Endpoint
from mlopsctl.emit import promql
from mlopsctl.emit.numbers import decimal_text
from mlopsctl.engines import signals
from mlopsctl.engines.seldon1 import conventions


def scaler(blueprint: Blueprint, endpoint: Endpoint, predictor: str) -> dict[str, Any]:
    """Return `hpaSpec` or `kedaSpec`; empty if the number of replicas is fixed."""
    scale = endpoint.autoscale
    if scale is None:
        return {}
    if scale.metric == "rps":
        return {"kedaSpec": _keda(blueprint, endpoint, scale, predictor)}
    return {"hpaSpec": _autoscaler(endpoint, scale)}


def _autoscaler(endpoint: Endpoint, scale: Autoscale) -> dict[str, Any]:
    """Return the autoscaler's bounds; `metricsv2` is the field that today's API of autoscaling is made from."""
    target = {"type": "Utilization", "averageUtilization": int(scale.target)}
    return {
        "minReplicas": endpoint.min_replicas,
        "maxReplicas": endpoint.max_replicas,
        "metricsv2": [{"type": "Resource", "resource": {"name": scale.metric, "target": target}}],
    }


def _keda(blueprint: Blueprint, endpoint: Endpoint, scale: Autoscale, predictor: str) -> dict[str, Any]:
    """Return what KEDA watches: the predictor's requests a second, so many a copy."""
    metadata = {
        "serverAddress": blueprint.engines.serving.settings["prometheus"],
        "query": requests_per_second(blueprint, endpoint, predictor),
        "threshold": decimal_text(scale.target),
    }
    return {
        "minReplicaCount": endpoint.min_replicas,
        "maxReplicaCount": endpoint.max_replicas,
        "triggers": [{"type": "prometheus", "metricType": "AverageValue", "metadata": metadata}],
    }


def requests_per_second(blueprint: Blueprint, endpoint: Endpoint, predictor: str) -> str:
    """Write the query for the requests a second that one predictor answers."""
    engine = blueprint.engines.serving
    series = signals.request_series(engine.name, engine.version, endpoint.kind, endpoint.name, predictor)
    assert series  # noqa: S101 - the catalogue's own row
    matchers = tuple(promql.Matcher(*matcher) for matcher in series.matchers)
    selector = promql.Selector(series.metric, matchers, range=conventions.RATE_WINDOW)
    return promql.text(promql.Aggregate("sum", promql.Call("rate", (selector,))))
