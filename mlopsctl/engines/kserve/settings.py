"""Settings of KServe."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Image, Label, Url, Version


class KServe(EngineSettings):
    """KServe, which serves models."""

    engine: Literal["kserve"]
    """The engine."""
    version: Version = "0.20"
    """Its version."""
    mode: Literal["Standard", "Knative"] = "Standard"
    """Standard (Deployments) or Knative."""
    service_account: Label | None = None
    """The service account with access to model artifacts."""
    image: Image | None = None
    """The image of the model server: MLServer with the libraries of the steps; KServe's own image has older ones."""
    prometheus: Url = "http://prometheus-operated.monitoring.svc:9090"
    """The address of the Prometheus that autoscaling and rollouts query."""


SETTINGS: Final = (KServe,)
