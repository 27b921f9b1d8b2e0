"""Settings of Seldon Core, generations 1 and 2, chosen by the field `version`."""

from __future__ import annotations

from typing import Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.stack.words import SecretName
from mlopsctl.spec.words import Url, Version


class Seldon(EngineSettings):
    """Seldon Core serves models."""

    engine: Literal["seldon"]
    """The engine."""
    version: Version = "2"
    """1 or 2."""
    secret: SecretName | None = None
    """The secret with the credentials for model artifacts."""
    prometheus: Url = "http://prometheus-operated.monitoring.svc:9090"
    """The address of the Prometheus that autoscaling and rollouts query."""
