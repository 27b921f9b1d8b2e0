"""Service accounts and rights of pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.engines.model_servers import serving
from mlopsctl.engines.shared import kubernetes

WAVE = -2
GROUP = "rbac.authorization.k8s.io"


def account(blueprint: Blueprint, name: str, component: str, *, token: bool) -> dict[str, Any]:
    """Return a service account; `token` sets whether its pods mount a token automatically."""
    meta = kubernetes.metadata(blueprint, name, component, wave=WAVE)
    return kubernetes.manifest("v1", "ServiceAccount", meta, automountServiceAccountToken=token)


def rights(
    blueprint: Blueprint, account: str, component: str, rules: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the role with the account's name, and its binding."""
    meta = kubernetes.metadata(blueprint, account, component, wave=WAVE)
    yield kubernetes.manifest(f"{GROUP}/v1", "Role", meta, rules=list(rules))
    yield kubernetes.manifest(
        f"{GROUP}/v1",
        "RoleBinding",
        meta,
        roleRef={"apiGroup": GROUP, "kind": "Role", "name": account},
        subjects=[{"kind": "ServiceAccount", "name": account, "namespace": blueprint.place.namespace}],
    )


def shift_traffic(blueprint: Blueprint) -> dict[str, Any]:
    """Return the rule that lets a rollout change the weights of the system's own endpoints."""
    engine = blueprint.engines.serving
    servers = serving(engine.name, engine.version)
    traffic = servers.traffic if servers else None
    if traffic is None:
        raise ValueError(f"{engine.name} has no traffic weights")
    return {
        "apiGroups": [traffic.group],
        "resources": [traffic.resource],
        "resourceNames": [endpoint.name for endpoint in blueprint.endpoints],
        "verbs": ["get", "patch"],
    }
