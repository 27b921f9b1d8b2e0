"""The predictors of a deployment: the stable version and a candidate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import CANDIDATE, STABLE, Endpoint, ServedVersion
from mlopsctl.engines.seldon1 import conventions, scaling
from mlopsctl.engines.shared import kubernetes, pods, serving


def predictors(blueprint: Blueprint, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Yield the predictors. The traffic of those that answer users is 100 in all; a shadow's is a copy."""
    weight = endpoint.rollout.weight
    if endpoint.candidate is None:
        yield _predictor(blueprint, endpoint, STABLE, endpoint.stable, traffic=100)
    elif endpoint.rollout.strategy == "shadow":
        yield _predictor(blueprint, endpoint, STABLE, endpoint.stable, traffic=100)
        yield _predictor(blueprint, endpoint, CANDIDATE, endpoint.candidate, traffic=weight, shadow=True)
    else:
        yield _predictor(blueprint, endpoint, STABLE, endpoint.stable, traffic=100 - weight)
        yield _predictor(blueprint, endpoint, CANDIDATE, endpoint.candidate, traffic=weight)


def _predictor(
    blueprint: Blueprint, endpoint: Endpoint, name: str, served: ServedVersion, *, traffic: int, shadow: bool = False
) -> dict[str, Any]:
    annotations = endpoint.pod.annotations
    return {
        "name": name,
        **({"shadow": True} if shadow else {}),
        "traffic": traffic,
        **({} if endpoint.autoscale else {"replicas": endpoint.min_replicas}),
        "labels": {**endpoint.pod.labels, **serving.pod_labels(blueprint), serving.VERSION: served.version.version},
        "componentSpecs": [
            {
                **({"metadata": {"annotations": dict(annotations)}} if annotations else {}),
                **scaling.scaler(blueprint, endpoint, name),
                "spec": _pod(blueprint, endpoint),
            }
        ],
        "svcOrchSpec": {"resources": kubernetes.resources(conventions.ORCHESTRATOR)},
        "graph": _graph(blueprint, endpoint, served),
    }


def _pod(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the pod's specification; the operator adds the server's image to the container with that name."""
    pod = endpoint.pod
    volumes, mounts = pods.volumes(pod), pods.mounts(pod)
    container = {
        "name": endpoint.spec_name,
        **serving.environment(blueprint, endpoint),
        "resources": kubernetes.resources(endpoint.resources),
        "securityContext": serving.container_security(),
        **({"volumeMounts": mounts} if mounts else {}),
    }
    return {
        **pods.account(pod),
        **pods.pull_secrets(pod.pull_secrets),
        **pods.scheduling(pod),
        **pods.spread(pod, {conventions.ENDPOINT_LABEL: endpoint.name}),
        "securityContext": kubernetes.pod_security(conventions.USER),
        "containers": [container],
        **({"volumes": volumes} if volumes else {}),
    }


def _graph(blueprint: Blueprint, endpoint: Endpoint, served: ServedVersion) -> dict[str, Any]:
    """Return the graph of one node; its name is the model's in the path of a request, so both versions share it."""
    (implementation,) = serving.served(blueprint, endpoint).words
    secret = blueprint.engines.serving.settings.get("secret")
    return {
        "name": endpoint.spec_name,
        "type": "MODEL",
        "implementation": implementation,
        "modelUri": served.version.uri,
        **({"envSecretRefName": secret} if secret else {}),
    }
