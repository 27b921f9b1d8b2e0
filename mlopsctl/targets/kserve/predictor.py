"""The predictor of an InferenceService: one version, its server, and how it scales.

In: a blueprint and an endpoint. Out: plain dictionaries. Never a canary's share.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Endpoint, ServedVersion
from mlopsctl.catalogue.infrastructure import SERVING_PORT
from mlopsctl.targets import kubernetes, serving
from mlopsctl.targets.kserve import conventions


def mode(blueprint: Blueprint) -> str:
    """Return how KServe runs the servers: as Deployments, or as Knative revisions."""
    return str(blueprint.engines.serving.settings.get("mode") or conventions.STANDARD)


def predictor(blueprint: Blueprint, endpoint: Endpoint, served: ServedVersion) -> dict[str, Any]:
    """Return the predictor that answers the endpoint's requests."""
    account = blueprint.engines.serving.settings.get("serviceAccount")
    return {
        **({"serviceAccountName": account} if account else {}),
        "labels": version_label(served),
        **_scale(endpoint, mode(blueprint)),
        "model": model(blueprint, endpoint, served),
    }


def version_label(served: ServedVersion) -> dict[str, str]:
    """Return the label that tells the pods of two versions apart."""
    return {serving.VERSION: served.version.version}


def model(blueprint: Blueprint, endpoint: Endpoint, served: ServedVersion) -> dict[str, Any]:
    """Return the model and its server; the storage initializer beside it gets the container's security, too.

    The port is KServe's own default, declared so that Prometheus finds the pod by it: the runtimes declare none.
    """
    server = serving.served(blueprint, endpoint)
    (model_format,) = server.words
    return {
        "modelFormat": {"name": model_format},
        "runtime": server.runtime,
        "protocolVersion": conventions.PROTOCOL,
        "storageUri": served.version.uri,
        **serving.environment(endpoint),
        "ports": [{"containerPort": int(SERVING_PORT), "protocol": "TCP"}],
        "resources": kubernetes.resources(endpoint.resources),
        "securityContext": serving.container_security(),
    }


def _scale(endpoint: Endpoint, mode: str) -> dict[str, Any]:
    """Return the bounds, and what is followed between them.

    Standard mode follows the processor where nothing is named, so without a metric both bounds are the same.
    """
    scale = endpoint.autoscale
    most = endpoint.max_replicas if scale or mode == conventions.KNATIVE else endpoint.min_replicas
    return {
        "minReplicas": endpoint.min_replicas,
        "maxReplicas": most,
        **({"scaleMetric": scale.metric, "scaleTarget": int(scale.target)} if scale else {}),
    }
