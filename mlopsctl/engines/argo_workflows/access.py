"""Service accounts of a run with minimal permissions; none if the workspace sets an existing account."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Step
from mlopsctl.engines.argo_workflows import conventions
from mlopsctl.engines.shared import access, kubernetes

_EXECUTOR = {"apiGroups": ["argoproj.io"], "resources": ["workflowtaskresults"], "verbs": ["create", "patch"]}
_START = {"apiGroups": ["argoproj.io"], "resources": ["workflows"], "verbs": ["create", "get", "list"]}


def run_as(blueprint: Blueprint) -> dict[str, Any]:
    """Return the service accounts of a run's pods; only the executor gets a token, not the step."""
    existing = _existing(blueprint)
    if existing:
        return {"serviceAccountName": existing}
    return {
        "serviceAccountName": _name(blueprint, "workflow"),
        "automountServiceAccountToken": False,
        "executor": {"serviceAccountName": _name(blueprint, "executor")},
    }


def step_runs_as(blueprint: Blueprint, step: Step) -> dict[str, Any]:
    """Return the service account of a step with additional rights."""
    if not step.permissions or _existing(blueprint):
        return {}
    return {
        "serviceAccountName": _permitted(blueprint, step.permissions),
        "automountServiceAccountToken": True,
    }


def objects(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Return the accounts, their roles and bindings; none if the workspace sets an account."""
    if _existing(blueprint):
        return []
    executor = _name(blueprint, "executor")
    manifests = [
        access.account(blueprint, _name(blueprint, "workflow"), conventions.COMPONENT, token=False),
        access.account(blueprint, executor, conventions.COMPONENT, token=False),
        _token(blueprint, executor),
        *access.rights(blueprint, executor, conventions.COMPONENT, [_EXECUTOR]),
    ]
    permission_sets = {step.permissions for pipeline in blueprint.pipelines for step in pipeline.steps}
    for permissions in sorted(filter(None, permission_sets)):
        name = _permitted(blueprint, permissions)
        manifests.append(access.account(blueprint, name, conventions.COMPONENT, token=True))
        rules = [_rule(blueprint, permission) for permission in permissions]
        manifests += access.rights(blueprint, name, conventions.COMPONENT, rules)
    return manifests


def _existing(blueprint: Blueprint) -> str | None:
    return blueprint.engines.pipelines.settings.get("serviceAccount")


def _name(blueprint: Blueprint, role: str) -> str:
    return f"{blueprint.identity.system}-{role}"


def _permitted(blueprint: Blueprint, permissions: tuple[str, ...]) -> str:
    return _name(blueprint, "-".join(permissions))


def _rule(blueprint: Blueprint, permission: str) -> dict[str, Any]:
    return _START if permission == "start-pipeline" else access.shift_traffic(blueprint)


def _token(blueprint: Blueprint, account: str) -> dict[str, Any]:
    """Ask the cluster for the executor's token: the controller mounts the secret of this name."""
    meta = kubernetes.metadata(
        blueprint,
        f"{account}.service-account-token",
        conventions.COMPONENT,
        wave=access.WAVE + 1,
        annotations={"kubernetes.io/service-account.name": account},
    )
    return kubernetes.manifest("v1", "Secret", meta, type="kubernetes.io/service-account-token")
