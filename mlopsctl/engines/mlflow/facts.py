"""Facts of mlflow: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Exporter, Facts, Registry

_MLFLOW: Final = abilities(
    "aliases served versions tags signatures artifacts",
    model_metrics=no("MLflow exports no metrics of models", "checks.live"),
    stages=no("MLflow's stages are deprecated since 2.9", "an alias"),
)

FACTS: Final = (
    Facts(
        "registry",
        "mlflow",
        ("2", "3"),
        "3",
        capabilities=_MLFLOW,
        registry=Registry(
            "mlopsctl.engines.mlflow.backend.registry:Mlflow",
            versions="mlopsctl.engines.mlflow.backend.versions:MlflowVersions",
            library="mlflow",
            local="mlopsctl.engines.mlflow.backend.local:settings",
        ),
        metrics=(Exporter("mlopsctl.engines.mlflow.exported_metrics"),),
    ),
)
