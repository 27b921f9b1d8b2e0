"""Settings of Seldon Core, both generations: the field `version` chooses one."""

from __future__ import annotations

from typing import Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.stack.words import SecretName
from mlopsctl.spec.words import Url, Version


class Seldon(EngineSettings):
    """Seldon Core serves."""

    engine: Literal["seldon"]
    """The engine."""
    version: Version = "2"
    """1 or 2."""
    secret: SecretName | None = None
    """The secret that lets it read model artifacts."""
    prometheus: Url = "http://prometheus-operated.monitoring.svc:9090"
    """The Prometheus that autoscaling and rollouts ask."""
