"""The predictor of an InferenceService: one version, its server, and how it scales."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Resources
from mlopsctl.blueprint.model.serving import Endpoint, ServedVersion
from mlopsctl.engines.kserve import conventions
from mlopsctl.engines.kserve.runtime import runtime_name
from mlopsctl.engines.shared import kubernetes, pods, serving
from mlopsctl.engines.shared.quantities import number


def mode(blueprint: Blueprint) -> str:
    """Return how KServe runs the servers: as Deployments, or as Knative revisions."""
    return str(blueprint.engines.serving.settings.get("mode") or conventions.STANDARD)


def predictor(blueprint: Blueprint, endpoint: Endpoint, served: ServedVersion) -> dict[str, Any]:
    """Return the predictor that answers the endpoint's requests."""
    account = endpoint.pod.service_account or blueprint.engines.serving.settings.get("serviceAccount")
    return {
        **({"serviceAccountName": account} if account else {}),
        "labels": {**endpoint.pod.labels, **version_label(served)},
        **_pod(endpoint),
        **_scale(endpoint, mode(blueprint)),
        "model": model(blueprint, endpoint, served),
    }


def _pod(endpoint: Endpoint) -> dict[str, Any]:
    """Return what the pods are besides the server; a canary takes it from the stable predictor."""
    pod = endpoint.pod
    volumes = pods.volumes(pod)
    return {
        **({"annotations": dict(pod.annotations)} if pod.annotations else {}),
        **pods.pull_secrets(pod.pull_secrets),
        **pods.scheduling(pod),
        **pods.spread(pod, {conventions.INFERENCE_SERVICE_LABEL: endpoint.name}),
        **({"volumes": volumes} if volumes else {}),
    }


def version_label(served: ServedVersion) -> dict[str, str]:
    """Return the label that distinguishes the pods of two versions."""
    return {serving.VERSION: served.version.version}


def model(blueprint: Blueprint, endpoint: Endpoint, served: ServedVersion) -> dict[str, Any]:
    """Return the model and its server; the storage initializer beside it gets the container's security, too.

    The port is KServe's own default, declared so that Prometheus finds the pod by it: the runtimes declare none.
    """
    server = serving.served(blueprint, endpoint)
    (model_format,) = server.words
    mounts = pods.mounts(endpoint.pod)
    return {
        "modelFormat": {"name": model_format},
        "runtime": runtime_name(blueprint, endpoint),
        "protocolVersion": conventions.PROTOCOL,
        "storageUri": served.version.uri,
        **serving.environment(blueprint, endpoint),
        "ports": [{"containerPort": int(conventions.SERVING_PORT), "protocol": "TCP"}],
        "resources": _resources(endpoint.resources),
        "securityContext": serving.container_security(),
        **({"volumeMounts": mounts} if mounts else {}),
    }


def _resources(requests: Resources) -> dict[str, Any]:
    """Return requests and limits, with one of the processor.

    KServe merges the limits of the runtime in, and a namespace its default ones; a Deployment whose request is above
    them is refused. One processor is what KServe's own runtimes allow.
    """
    rendered = kubernetes.resources(requests)
    processor = requests.cpu if number(requests.cpu) > 1 else "1"
    return {**rendered, "limits": {"cpu": processor, **rendered["limits"]}}


def _scale(endpoint: Endpoint, mode: str) -> dict[str, Any]:
    """Return the bounds and the metric of scaling.

    Standard mode follows the processor where nothing is named, so without a metric both bounds are the same.
    """
    scale = endpoint.autoscale
    most = endpoint.max_replicas if scale or mode == conventions.KNATIVE else endpoint.min_replicas
    return {
        "minReplicas": endpoint.min_replicas,
        "maxReplicas": most,
        **({"scaleMetric": scale.metric, "scaleTarget": int(scale.target)} if scale else {}),
    }
