"""Common parts of all Kubernetes objects: metadata, labels, and the restricted pod security standard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.blueprint.model.pipelines import Resources
from mlopsctl.blueprint.model.pods import EnvironmentVariable
from mlopsctl.emit.origin import about

SYNC_WAVE = "argocd.argoproj.io/sync-wave"
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"

FEATURES = "features"
"""The ConfigMap with the environment's feature project, one key per file."""


def metadata(
    owner: Blueprint | Shared,
    name: str,
    component: str,
    *,
    wave: int = 0,
    namespace: str | None = None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return an object's metadata: common labels, its component, and its sync wave."""
    notes = {**owner.annotations, **({SYNC_WAVE: str(wave)} if wave else {}), **(annotations or {})}
    labelled = owner if isinstance(owner, Shared) else Part(owner.identity, "labels")
    return about(
        (labelled, Part(owner.place, "namespace")),
        {
            "name": name,
            "namespace": namespace or owner.place.namespace,
            "labels": {**owner.labels, "app.kubernetes.io/component": component, **(labels or {})},
            **({"annotations": notes} if notes else {}),
        },
    )


def manifest(api_version: str, kind: str, meta: Mapping[str, Any], **body: Any) -> dict[str, Any]:
    """Return an object; `body` holds `spec`, `data` and the like, in order."""
    return {"apiVersion": api_version, "kind": kind, "metadata": meta, **body}


def variable(environment_variable: EnvironmentVariable) -> dict[str, Any]:
    """Return a container's variable: its value, or a key of a Secret."""
    if environment_variable.secret is None:
        return {"name": environment_variable.name, "value": environment_variable.value or ""}
    return {
        "name": environment_variable.name,
        "valueFrom": {"secretKeyRef": {"name": environment_variable.secret, "key": environment_variable.key}},
    }


def pod_security(user: int = 65532) -> dict[str, Any]:
    """Return a pod's security context that meets the restricted standard."""
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def container_security() -> dict[str, Any]:
    """Return a container's security context that meets the restricted standard."""
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def resources(requested: Resources) -> dict[str, Any]:
    """Return requests and limits. CPU has no limit, memory has."""
    gpu = {requested.gpu_resource: str(requested.gpu_count)} if requested.gpu_count else {}
    return {
        "requests": {"cpu": requested.cpu, "memory": requested.memory, **gpu},
        "limits": {"memory": requested.memory, **gpu},
    }


def blueprint_name(blueprint: Blueprint) -> str:
    """Return the name of the ConfigMap that the system's containers read their Blueprint from."""
    return f"{blueprint.identity.system}-blueprint"


def blueprint_config_map(blueprint: Blueprint) -> dict[str, Any]:
    """Return that ConfigMap; its key is the file's name in the container.

    It leaves out what pods do not read, patches and extra manifests: a change of one changes its own objects only.
    """
    from mlopsctl.blueprint import codec

    meta = metadata(blueprint, blueprint_name(blueprint), "pipeline", wave=-1)
    key = blueprint.paths.blueprint.rpartition("/")[2]
    mounted = replace(blueprint, patches=(), extra=()) if blueprint.patches or blueprint.extra else blueprint
    return manifest("v1", "ConfigMap", meta, data={key: codec.dumps(mounted)})
