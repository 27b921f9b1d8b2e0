"""Settings of KServe."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Image, Label, Url, Version


class KServe(EngineSettings):
    """KServe serves."""

    engine: Literal["kserve"]
    """The engine."""
    version: Version = "0.20"
    """Its version."""
    mode: Literal["Standard", "Knative"] = "Standard"
    """Plain deployments, or Knative revisions."""
    service_account: Label | None = None
    """The service account that may read model artifacts."""
    image: Image | None = None
    """The image of the model server: MLServer with the libraries that train the models. KServe's own has older ones."""
    prometheus: Url = "http://prometheus-operated.monitoring.svc:9090"
    """The Prometheus that autoscaling and rollouts ask."""


SETTINGS: Final = (KServe,)
