"""The APIs of an endpoint: one per version, and a splitter between them."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Resources
from mlopsctl.blueprint.model.serving import Endpoint, ServedVersion
from mlopsctl.engines.cortex import conventions


def apis(blueprint: Blueprint, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Yield the endpoint's APIs: a splitter comes after what it names.

    An endpoint that rolls out by shares always has its splitter, so that a candidate that comes or goes changes the
    weights alone: Cortex lets nobody turn an API of one kind into one of another.
    """
    if endpoint.rollout.strategy == "direct":
        yield _realtime(blueprint, endpoint, endpoint.stable, endpoint.name)
        return
    for served in filter(None, (endpoint.stable, endpoint.candidate)):
        yield _realtime(blueprint, endpoint, served, served.name)
    yield _splitter(endpoint)


def names(endpoint: Endpoint) -> list[str]:
    """List the names of the endpoint's APIs."""
    if endpoint.rollout.strategy == "direct":
        return [endpoint.name]
    versions = [served.name for served in (endpoint.stable, endpoint.candidate) if served]
    return [*versions, endpoint.name]


def _realtime(blueprint: Blueprint, endpoint: Endpoint, served: ServedVersion, name: str) -> dict[str, Any]:
    groups = blueprint.engines.serving.settings.get("nodeGroups")
    return {
        "name": name,
        "kind": conventions.REALTIME,
        "pod": {
            "port": conventions.PORT,
            "max_concurrency": _concurrency(endpoint),
            "containers": [_container(blueprint, endpoint, served)],
        },
        "autoscaling": _autoscaling(endpoint),
        # A copy goes only when another has come.
        "update_strategy": {"max_surge": "25%", "max_unavailable": "0%"},
        **({"node_groups": list(groups)} if groups else {}),
        "networking": {"endpoint": f"/{name}"},
    }


def _container(blueprint: Blueprint, endpoint: Endpoint, served: ServedVersion) -> dict[str, Any]:
    return {
        "name": conventions.CONTAINER,
        "image": str(blueprint.engines.serving.settings.get("image")),
        "env": {
            conventions.MODEL_NAME: endpoint.name,
            conventions.MODEL_VERSION: served.version.version,
            conventions.MODEL_URI: served.version.uri,
        },
        "compute": _compute(endpoint.resources),
        "readiness_probe": {"http_get": {"path": conventions.READY, "port": conventions.PORT}},
    }


def _compute(resources: Resources) -> dict[str, Any]:
    """Return what a copy is given; Cortex has one number for request and limit."""
    device = conventions.ACCELERATORS.get(resources.gpu_resource)
    accelerator = {device: resources.gpu_count} if device and resources.gpu_count else {}
    return {"cpu": resources.cpu, "mem": resources.memory, **accelerator}


def _concurrency(endpoint: Endpoint) -> int:
    target = endpoint.autoscale.target if endpoint.autoscale else 0
    return max(conventions.CONCURRENCY, ceil(target))


def _autoscaling(endpoint: Endpoint) -> dict[str, Any]:
    """Return the bounds, and what is followed between them: without a metric both are the same, unless that is none."""
    scale = endpoint.autoscale
    most = endpoint.max_replicas if scale or not endpoint.min_replicas else endpoint.min_replicas
    return {
        "min_replicas": endpoint.min_replicas,
        "max_replicas": max(most, 1),
        **({"target_in_flight": scale.target} if scale else {}),
    }


def _splitter(endpoint: Endpoint) -> dict[str, Any]:
    """Return the API that clients call."""
    shadow, weight = endpoint.rollout.strategy == "shadow", endpoint.rollout.weight
    listed: list[dict[str, Any]] = [{"name": endpoint.stable.name, "weight": conventions.ALL_PERCENT}]
    if endpoint.candidate and shadow:
        listed.append({"name": endpoint.candidate.name, "weight": weight, "shadow": True})
    elif endpoint.candidate:
        listed[0]["weight"] = conventions.ALL_PERCENT - weight
        listed.append({"name": endpoint.candidate.name, "weight": weight})
    return {
        "name": endpoint.name,
        "kind": conventions.SPLITTER,
        "networking": {"endpoint": f"/{endpoint.name}"},
        "apis": listed,
    }
