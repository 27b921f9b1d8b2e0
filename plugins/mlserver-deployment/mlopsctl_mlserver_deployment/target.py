"""The objects of an endpoint: MLServer's settings, the Deployment, the Service and what scales it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Autoscale, Endpoint
from mlopsctl.emit import json
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.shared import kubernetes, pods, serving
from mlopsctl.engines.shared.files import manifest_file
from mlopsctl.tree.fileset import FileSet
from mlopsctl_mlserver_deployment.facts import COMPONENT, ENDPOINT_LABEL, KINDS, METRICS_PORT

_PORTS: Final = {"http": 8080, "grpc": 8081, METRICS_PORT: 8082}
_FOLDER: Final = "/etc/mlserver"
_START_SECONDS: Final = 600
"""How long a server may take to fetch and load its model."""
_PERIOD: Final = 10


def render(blueprint: Blueprint) -> FileSet:
    """Render one file an endpoint; nothing where no version is locked."""
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", *_objects(blueprint, endpoint), about=(endpoint,))
        for endpoint in blueprint.endpoints
    )


def _objects(blueprint: Blueprint, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    files = _settings(blueprint, endpoint)
    yield kubernetes.manifest("v1", "ConfigMap", _metadata(blueprint, endpoint, "", "ConfigMap"), data=files)
    yield _deployment(blueprint, endpoint, files)
    yield _service(blueprint, endpoint)
    if endpoint.autoscale:
        yield _autoscaler(blueprint, endpoint, endpoint.autoscale)


def _metadata(blueprint: Blueprint, endpoint: Endpoint, group: str, kind: str) -> dict[str, Any]:
    labels = {ENDPOINT_LABEL: endpoint.name}
    return kubernetes.metadata(blueprint, endpoint.name, COMPONENT, wave=KINDS[group, kind].wave, labels=labels)


def _settings(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, str]:
    """Return MLServer's files: one process without workers, and the registry's package at its address."""
    (implementation,) = serving.served(blueprint, endpoint).words
    version = endpoint.stable.version
    server = {
        "host": "0.0.0.0",  # noqa: S104 - in a pod
        "http_port": _PORTS["http"],
        "grpc_port": _PORTS["grpc"],
        "metrics_port": _PORTS[METRICS_PORT],
        "parallel_workers": 0,
    }
    model = {
        "name": endpoint.name,
        "implementation": implementation,
        "parameters": {"uri": version.uri, "version": version.version},
    }
    return {"settings.json": json.dumps(server), "model-settings.json": json.dumps(model)}


def _deployment(blueprint: Blueprint, endpoint: Endpoint, files: dict[str, str]) -> dict[str, Any]:
    """Return the Deployment. A digest of the settings is part of the pods, so that a new version starts new ones."""
    digest = sha256("".join(files.values()).encode()).hexdigest()
    labels = {
        **endpoint.pod.labels,
        **serving.pod_labels(blueprint),
        "app.kubernetes.io/component": COMPONENT,
        ENDPOINT_LABEL: endpoint.name,
        serving.VERSION: endpoint.stable.version.version,
    }
    spec = {
        **({} if endpoint.autoscale else {"replicas": endpoint.min_replicas}),
        "selector": {"matchLabels": _selector(endpoint)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {"labels": labels, "annotations": {**endpoint.pod.annotations, "mlserver/settings": digest}},
            "spec": _pod(blueprint, endpoint),
        },
    }
    return kubernetes.manifest("apps/v1", "Deployment", _metadata(blueprint, endpoint, "apps", "Deployment"), spec=spec)


def _selector(endpoint: Endpoint) -> dict[str, str]:
    return {"app.kubernetes.io/component": COMPONENT, ENDPOINT_LABEL: endpoint.name}


def _pod(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    pod = endpoint.pod
    return {
        **pods.account(pod),
        **pods.pull_secrets(pod.pull_secrets),
        **pods.scheduling(pod),
        **pods.spread(pod, _selector(endpoint)),
        "automountServiceAccountToken": False,
        "securityContext": kubernetes.pod_security(),
        "containers": [_container(blueprint, endpoint)],
        "volumes": [
            {"name": "settings", "configMap": {"name": endpoint.name}},
            {"name": "tmp", "emptyDir": {}},
            *pods.volumes(pod),
        ],
    }


def _container(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the server; its root is read-only, and the package is fetched to /tmp."""
    settings = blueprint.engines.serving.settings
    variables = [{"name": "HOME", "value": "/tmp"}, *serving.environment(blueprint, endpoint).get("env", [])]  # noqa: S108
    return {
        "name": "mlserver",
        "image": str(settings["image"]),
        "command": ["mlserver", "start", _FOLDER],
        "env": variables,
        **({"envFrom": [{"secretRef": {"name": settings["secret"]}}]} if settings["secret"] else {}),
        "ports": [{"name": name, "containerPort": port, "protocol": "TCP"} for name, port in _PORTS.items()],
        "startupProbe": {**_probe("ready"), "periodSeconds": _PERIOD, "failureThreshold": _START_SECONDS // _PERIOD},
        "readinessProbe": _probe("ready"),
        "livenessProbe": _probe("live"),
        "resources": kubernetes.resources(endpoint.resources),
        "securityContext": kubernetes.container_security(),
        "volumeMounts": [
            {"name": "settings", "mountPath": _FOLDER, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
            *pods.mounts(endpoint.pod),
        ],
    }


def _probe(word: str) -> dict[str, Any]:
    return {"httpGet": {"path": f"/v2/health/{word}", "port": "http"}}


def _service(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    ports = [{"name": name, "port": _PORTS[name], "targetPort": name, "protocol": "TCP"} for name in ("http", "grpc")]
    spec = {"selector": _selector(endpoint), "ports": ports}
    return kubernetes.manifest("v1", "Service", _metadata(blueprint, endpoint, "", "Service"), spec=spec)


def _autoscaler(blueprint: Blueprint, endpoint: Endpoint, scale: Autoscale) -> dict[str, Any]:
    kind = "HorizontalPodAutoscaler"
    target = {"type": "Utilization", "averageUtilization": int(scale.target)}
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": endpoint.name},
        "minReplicas": endpoint.min_replicas,
        "maxReplicas": endpoint.max_replicas,
        "metrics": [{"type": "Resource", "resource": {"name": scale.metric, "target": target}}],
    }
    meta = _metadata(blueprint, endpoint, "autoscaling", kind)
    return kubernetes.manifest("autoscaling/v2", kind, meta, spec=spec)


RENDERER: Final = Renderer(system=render)
