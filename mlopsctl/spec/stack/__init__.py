"""The stack: one engine a stage, each stage's engines in a file of its own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mlopsctl.spec.stack.features import Feast, Hopsworks
from mlopsctl.spec.stack.models import Deepchecks, Etiq, GreatExpectations, Mlflow, Neptune
from mlopsctl.spec.stack.pipelines import ArgoWorkflows, Kale, Kfp, Polyaxon
from mlopsctl.spec.stack.platform import (
    ArgoCD,
    Ci,
    ExistingSecrets,
    ExternalSecrets,
    Grafana,
    Prometheus,
    PrometheusOperator,
)
from mlopsctl.spec.stack.serving import Cortex, KServe, MLServer, Seldon
from mlopsctl.spec.words import Section

__all__ = [
    "ArgoCD",
    "ArgoWorkflows",
    "Ci",
    "Cortex",
    "Deepchecks",
    "Etiq",
    "ExistingSecrets",
    "ExternalSecrets",
    "Feast",
    "Grafana",
    "GreatExpectations",
    "Hopsworks",
    "KServe",
    "Kale",
    "Kfp",
    "MLServer",
    "Mlflow",
    "Neptune",
    "Polyaxon",
    "Prometheus",
    "PrometheusOperator",
    "Seldon",
    "Stack",
]


class Stack(Section):
    """One engine a stage."""

    features: Annotated[Feast | Hopsworks, Field(discriminator="engine")] | None = None
    """The feature store."""
    pipelines: Annotated[ArgoWorkflows | Kfp | Polyaxon | Kale, Field(discriminator="engine")] | None = None
    """What runs the steps."""
    registry: Annotated[Mlflow | Neptune, Field(discriminator="engine")] | None = None
    """Where models are registered."""
    checks: Annotated[Deepchecks | GreatExpectations | Etiq, Field(discriminator="engine")] | None = None
    """What checks data and models."""
    serving: Annotated[Seldon | KServe | MLServer | Cortex, Field(discriminator="engine")] | None = None
    """What serves models."""
    monitoring: Annotated[PrometheusOperator | Prometheus, Field(discriminator="engine")] | None = None
    """What watches."""
    dashboards: Grafana | None = None
    """What shows."""
    delivery: ArgoCD | None = None
    """What applies the rendered tree."""
    ci: Ci | None = None
    """What checks pull requests."""
    secrets: Annotated[ExternalSecrets | ExistingSecrets, Field(discriminator="engine")] | None = None
    """Where secrets come from."""
