"""Which engine stands at which stage: the environment's, else the workspace's, else the default stack."""

from __future__ import annotations

from typing import Any

from mlopsctl.resolve.model import Engines
from mlopsctl.spec import stack as spec


def engines(workspace: spec.Stack, environment: spec.Stack, has_repository: bool) -> Engines:
    """Choose each stage's engine. Argo CD needs a repository to read, so without one nothing is delivered.

    What checks pull requests is the workspace's alone.
    """

    def chosen(stage: str, default: Any) -> Any:
        named = getattr(environment, stage)
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
        ci=workspace.ci,
        secrets=chosen("secrets", spec.ExistingSecrets.model_construct(engine="existing")),
    )
