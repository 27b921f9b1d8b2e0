"""The ServingRuntime of an endpoint: MLServer in an image of the workspace, with the libraries that train the models.

Never a limit of the processor: an InferenceService's request above a runtime's limit makes a Deployment that the
cluster refuses.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.kserve import conventions
from mlopsctl.engines.kserve.facts import KINDS
from mlopsctl.engines.model_servers import served_by
from mlopsctl.engines.shared import kubernetes, mlserver, serving


def image(blueprint: Blueprint, endpoint: Endpoint) -> str | None:
    """Return the image that serves the endpoint; None where KServe's own runtime does.

    KServe's servers of bare model files are no MLServer: they stay as they are.
    """
    chosen = blueprint.engines.serving.settings.get("image")
    return str(chosen) if chosen and serves_package(blueprint, endpoint) else None


def serves_package(blueprint: Blueprint, endpoint: Endpoint) -> bool:
    """Return whether MLServer serves the registry's package, which is loaded by the libraries that wrote it."""
    engine = blueprint.engines.serving
    server = served_by(endpoint.flavor, engine.name, engine.version, looks_up=endpoint.features is not None)
    return server is not None and server.words == (conventions.PACKAGE_FORMAT,)


def runtime_name(blueprint: Blueprint, endpoint: Endpoint) -> str:
    """Return the name of the runtime that serves the endpoint."""
    return endpoint.name if image(blueprint, endpoint) else serving.served(blueprint, endpoint).runtime


def serving_runtime(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any] | None:
    """Return the endpoint's own runtime."""
    server = image(blueprint, endpoint)
    if server is None:
        return None
    meta = kubernetes.metadata(
        blueprint, endpoint.name, serving.COMPONENT, wave=KINDS[conventions.GROUP, conventions.RUNTIME].wave
    )
    spec = {
        "supportedModelFormats": [{"name": conventions.PACKAGE_FORMAT}],
        "protocolVersions": [conventions.PROTOCOL],
        "containers": [_container(endpoint, server)],
    }
    return kubernetes.manifest(conventions.RUNTIME_API, conventions.RUNTIME, meta, spec=spec)


def _container(endpoint: Endpoint, server: str) -> dict[str, Any]:
    """Return the server: one process that serves the package which the storage initializer has fetched."""
    variables = {
        "HOME": "/tmp",  # noqa: S108 - in the image nothing else may be written to
        "MLSERVER_HTTP_PORT": conventions.SERVING_PORT,
        "MLSERVER_GRPC_PORT": conventions.GRPC_PORT,
        "MLSERVER_METRICS_PORT": mlserver.METRICS_PORT,
        "MLSERVER_PARALLEL_WORKERS": "0",
        "MLSERVER_MODEL_NAME": endpoint.name,
        "MLSERVER_MODEL_IMPLEMENTATION": mlserver.MLFLOW,
        "MLSERVER_MODEL_URI": conventions.MODELS,
    }
    return {
        "name": conventions.CONTAINER,
        "image": server,
        "command": ["mlserver", "start", conventions.MODELS],
        "env": [{"name": name, "value": value} for name, value in variables.items()],
        "resources": kubernetes.resources(endpoint.resources),
        "securityContext": serving.container_security(),
    }
