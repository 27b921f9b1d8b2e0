"""Which engine stands at which stage: the environment's, else the workspace's, else the default stack."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import replace

from mlopsctl.resolve.model import Engines
from mlopsctl.spec import stack as spec
from mlopsctl.spec.checks import Checks

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def engines(
    workspace: spec.Stack, environment: spec.Stack, has_repository: bool, instead: Mapping[str, Any] = NOTHING
) -> Engines:
    """Choose each stage's engine; one that stands `instead` of it comes first.

    Argo CD needs a repository to read, so without one nothing is delivered. What checks pull requests is the
    workspace's alone.
    """

    def chosen(stage: str, default: Any) -> Any:
        named = instead.get(stage) or getattr(environment, stage)
        return named if named is not None else getattr(workspace, stage) or default

    delivery = chosen("delivery", spec.ArgoCD.model_construct(engine="argocd") if has_repository else None)
    return Engines(
        features=chosen("features", spec.Feast.model_construct(engine="feast")),
        pipelines=chosen("pipelines", spec.ArgoWorkflows.model_construct(engine="argo-workflows")),
        registry=chosen("registry", spec.Mlflow.model_construct(engine="mlflow")),
        checks=chosen("checks", spec.Deepchecks.model_construct(engine="deepchecks")),
        serving=chosen("serving", spec.Seldon.model_construct(engine="seldon")),
        monitoring=chosen("monitoring", spec.PrometheusOperator.model_construct(engine="prometheus-operator")),
        dashboards=chosen("dashboards", spec.Grafana.model_construct(engine="grafana")),
        delivery=delivery if has_repository else None,
        ci=instead.get("ci") or workspace.ci,
        secrets=chosen("secrets", spec.ExistingSecrets.model_construct(engine="existing")),
    )


_CHECKS: Final[Mapping[str, Any]] = {
    "deepchecks": spec.Deepchecks,
    "great-expectations": spec.GreatExpectations,
    "etiq": spec.Etiq,
}


def of_system(chosen: Engines, checks: Checks | None) -> Engines:
    """Let a system's own choice of what checks it stand before the workspace's, which may say more of the same one."""
    own = checks.engine if checks else None
    if own is None or own == chosen.checks.engine:
        return chosen
    return replace(chosen, checks=_CHECKS[own].model_construct(engine=own))
