"""Serving engines: what answers requests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlopsctl.spec.stack.words import SecretName
from mlopsctl.spec.words import Image, Label, Section, Url, Version


class Seldon(Section):
    """Seldon Core serves."""

    engine: Literal["seldon"]
    """The engine."""
    version: Version = "2"
    """1 or 2."""
    secret: SecretName | None = None
    """The secret that lets it read model artifacts."""
    prometheus: Url = "http://prometheus-operated.monitoring.svc:9090"
    """The Prometheus that autoscaling and rollouts ask."""


class KServe(Section):
    """KServe serves."""

    engine: Literal["kserve"]
    """The engine."""
    version: Version = "0.20"
    """Its version."""
    mode: Literal["Standard", "Knative"] = "Standard"
    """Plain deployments, or Knative revisions."""
    service_account: Label | None = None
    """The service account that may read model artifacts."""
    prometheus: Url = "http://prometheus-operated.monitoring.svc:9090"
    """The Prometheus that autoscaling and rollouts ask."""


class MLServer(Section):
    """MLServer alone serves, on a laptop."""

    engine: Literal["mlserver"]
    """The engine."""
    version: Version = "1.7"
    """Its version."""


class Cortex(Section):
    """Cortex serves, on AWS."""

    engine: Literal["cortex"]
    """The engine."""
    version: Version = "0.42"
    """Its version."""
    image: Image | None = None
    """The image of the model server, which reads MODEL_URI."""
    node_groups: Annotated[tuple[Label, ...], Field(strict=False)] = ()
    """The node groups that its pods may run on; none: any."""
