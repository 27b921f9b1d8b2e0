"""Settings of Kubeflow Pipelines."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Label, Url, Version


class Kfp(EngineSettings):
    """Kubeflow Pipelines, which runs the pipelines."""

    engine: Literal["kfp"]
    """The engine."""
    version: Version = "2.17"
    """Its version."""
    endpoint: Url = "http://ml-pipeline.kubeflow.svc.cluster.local:8888"
    """The address of the API with which schedules start runs."""
    service_account: Label | None = None
    """An existing service account. Default: one with minimal rights is rendered."""


SETTINGS: Final = (Kfp,)
