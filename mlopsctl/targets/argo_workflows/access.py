"""Who a run is to the cluster, and the least that it may do.

In: a blueprint. Out: service accounts, roles and their bindings, and what templates say of them. Never a
right that no step asked for; nothing at all where the workspace names an account that exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model import Blueprint, Step
from mlopsctl.targets import kubernetes
from mlopsctl.targets.argo_workflows import conventions

_WAVE = -2
_EXECUTOR = {"apiGroups": ["argoproj.io"], "resources": ["workflowtaskresults"], "verbs": ["create", "patch"]}
_START = {"apiGroups": ["argoproj.io"], "resources": ["workflows"], "verbs": ["create", "get", "list"]}

# The objects that hold the weights of traffic, by serving engine and major version.
_TRAFFIC = {
    ("seldon", "2"): ("mlops.seldon.io", "experiments"),
    ("seldon", "1"): ("machinelearning.seldon.io", "seldondeployments"),
    ("kserve", ""): ("serving.kserve.io", "inferenceservices"),
}


def run_as(blueprint: Blueprint) -> dict[str, Any]:
    """Return whom a run's pods are; only the executor beside the step gets a token, and the step none."""
    existing = _existing(blueprint)
    if existing:
        return {"serviceAccountName": existing}
    return {
        "serviceAccountName": _name(blueprint, "workflow"),
        "automountServiceAccountToken": False,
        "executor": {"serviceAccountName": _name(blueprint, "executor")},
    }


def step_runs_as(blueprint: Blueprint, step: Step) -> dict[str, Any]:
    """Return whom a step's pod is, where it has rights that the others lack."""
    if not step.permissions or _existing(blueprint):
        return {}
    return {
        "serviceAccountName": _permitted(blueprint, step.permissions),
        "automountServiceAccountToken": True,
    }


def objects(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Return the accounts, their roles and bindings; none where the workspace names an account."""
    if _existing(blueprint):
        return []
    executor = _name(blueprint, "executor")
    made = [
        _account(blueprint, _name(blueprint, "workflow"), token=False),
        _account(blueprint, executor, token=False),
        _token(blueprint, executor),
        *_rights(blueprint, executor, [_EXECUTOR]),
    ]
    asked = {step.permissions for pipeline in blueprint.pipelines for step in pipeline.steps}
    for permissions in sorted(filter(None, asked)):
        name = _permitted(blueprint, permissions)
        made.append(_account(blueprint, name, token=True))
        made += _rights(blueprint, name, [_rule(blueprint, one) for one in permissions])
    return made


def _existing(blueprint: Blueprint) -> str | None:
    return blueprint.engines.pipelines.settings.get("serviceAccount")


def _name(blueprint: Blueprint, role: str) -> str:
    return f"{blueprint.identity.system}-{role}"


def _permitted(blueprint: Blueprint, permissions: tuple[str, ...]) -> str:
    return _name(blueprint, "-".join(permissions))


def _rule(blueprint: Blueprint, permission: str) -> dict[str, Any]:
    if permission == "start-pipeline":
        return _START
    serving = blueprint.engines.serving
    major = serving.version.partition(".")[0] if serving.name == "seldon" else ""
    group, resource = _TRAFFIC[serving.name, major]
    return {
        "apiGroups": [group],
        "resources": [resource],
        "resourceNames": [one.name for one in blueprint.endpoints],
        "verbs": ["get", "patch"],
    }


def _account(blueprint: Blueprint, name: str, *, token: bool) -> dict[str, Any]:
    meta = kubernetes.metadata(blueprint, name, conventions.COMPONENT, wave=_WAVE)
    return kubernetes.manifest("v1", "ServiceAccount", meta, automountServiceAccountToken=token)


def _token(blueprint: Blueprint, account: str) -> dict[str, Any]:
    """Ask the cluster for the executor's token: the controller mounts the secret of this name."""
    meta = kubernetes.metadata(
        blueprint,
        f"{account}.service-account-token",
        conventions.COMPONENT,
        wave=_WAVE + 1,
        annotations={"kubernetes.io/service-account.name": account},
    )
    return kubernetes.manifest("v1", "Secret", meta, type="kubernetes.io/service-account-token")


def _rights(blueprint: Blueprint, account: str, rules: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    group = conventions.RBAC_GROUP
    meta = kubernetes.metadata(blueprint, account, conventions.COMPONENT, wave=_WAVE)
    yield kubernetes.manifest(f"{group}/v1", "Role", meta, rules=rules)
    yield kubernetes.manifest(
        f"{group}/v1",
        "RoleBinding",
        meta,
        roleRef={"apiGroup": group, "kind": "Role", "name": account},
        subjects=[{"kind": "ServiceAccount", "name": account, "namespace": blueprint.place.namespace}],
    )
