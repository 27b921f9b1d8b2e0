"""Accounts and rights, as every engine's pods need them.

In: a blueprint and rules. Out: service accounts, roles and their bindings. Never a rule that nobody named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.targets import kubernetes

WAVE = -2
GROUP = "rbac.authorization.k8s.io"

# The objects that hold the weights of traffic, by serving engine and major version.
_TRAFFIC = {
    ("seldon", "2"): ("mlops.seldon.io", "experiments"),
    ("seldon", "1"): ("machinelearning.seldon.io", "seldondeployments"),
    ("kserve", ""): ("serving.kserve.io", "inferenceservices"),
}


def account(blueprint: Blueprint, name: str, component: str, *, token: bool) -> dict[str, Any]:
    """Return a service account; `token` says whether its pods get one without asking."""
    meta = kubernetes.metadata(blueprint, name, component, wave=WAVE)
    return kubernetes.manifest("v1", "ServiceAccount", meta, automountServiceAccountToken=token)


def rights(
    blueprint: Blueprint, account: str, component: str, rules: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the role of the account's own name, and its binding."""
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
    serving = blueprint.engines.serving
    major = serving.version.partition(".")[0] if serving.name == "seldon" else ""
    group, resource = _TRAFFIC[serving.name, major]
    return {
        "apiGroups": [group],
        "resources": [resource],
        "resourceNames": [one.name for one in blueprint.endpoints],
        "verbs": ["get", "patch"],
    }
