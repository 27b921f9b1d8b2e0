"""Service accounts that run and start pipelines, with minimal permissions.

None is rendered if the workspace sets an existing account.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.engines.kfp import conventions
from mlopsctl.engines.shared import access

Rule = dict[str, Any]


def _rule(group: str, resources: list[str], verbs: list[str], *names: str) -> Rule:
    rule: Rule = {"apiGroups": [group], "resources": resources}
    return {**rule, **({"resourceNames": list(names)} if names else {}), "verbs": verbs}


# A run's pods do part of the engine's own work: they find the object store, and report what came out.
_RUN = (
    _rule("", ["configmaps"], ["get"], "kfp-launcher"),
    _rule("", ["secrets"], ["get"], "mlpipeline-minio-artifact"),
    _rule("", ["pods"], ["get"]),
    _rule("argoproj.io", ["workflowtaskresults"], ["create", "patch"]),
    _rule("argoproj.io", ["workflowtasksets"], ["list", "watch"]),
    _rule("argoproj.io", ["workflowtasksets/status"], ["patch"]),
)
# The API asks the cluster whether the caller may do these; there need not be objects of such kinds.
_START = (
    _rule(conventions.GROUP, ["pipelines"], ["get", "list"]),
    _rule(conventions.GROUP, ["experiments", "runs"], ["get", "list", "create"]),
)


def run_account(blueprint: Blueprint, pipeline: Pipeline) -> str:
    """Name whom a run's pods are: all of one run are the same account."""
    return _existing(blueprint) or _name(blueprint, "run", *_permissions(pipeline))


def start_account(blueprint: Blueprint) -> str:
    """Return the account that starts runs."""
    return _existing(blueprint) or _name(blueprint, "start")


def objects(blueprint: Blueprint) -> Iterator[dict[str, Any]]:
    """Yield the accounts, their roles and bindings; none where the workspace names an account."""
    if _existing(blueprint):
        return
    if any(pipeline.schedules or pipeline.on_change for pipeline in blueprint.pipelines):
        yield from _account(blueprint, start_account(blueprint), list(_START), token=False)
    for permissions in sorted({_permissions(pipeline) for pipeline in blueprint.pipelines}):
        rules = [*_RUN, *(rule for permission in permissions for rule in _permitted(blueprint, permission))]
        yield from _account(blueprint, _name(blueprint, "run", *permissions), rules, token=True)


def _existing(blueprint: Blueprint) -> str | None:
    return blueprint.engines.pipelines.settings.get("serviceAccount")


def _name(blueprint: Blueprint, *suffixes: str) -> str:
    return "-".join((blueprint.identity.system, *suffixes))


def _permissions(pipeline: Pipeline) -> tuple[str, ...]:
    return tuple(sorted({permission for step in pipeline.steps for permission in step.permissions}))


def _permitted(blueprint: Blueprint, permission: str) -> tuple[Rule, ...]:
    return _START if permission == "start-pipeline" else (access.shift_traffic(blueprint),)


def _account(blueprint: Blueprint, name: str, rules: list[Rule], *, token: bool) -> Iterator[dict[str, Any]]:
    yield access.account(blueprint, name, conventions.COMPONENT, token=token)
    yield from access.rights(blueprint, name, conventions.COMPONENT, rules)
