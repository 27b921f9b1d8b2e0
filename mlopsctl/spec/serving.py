"""Section `serving`: endpoints, autoscaling and rollouts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from mlopsctl.spec import times
from mlopsctl.spec.model import Resources
from mlopsctl.spec.pods import PodSettings
from mlopsctl.spec.words import Name, Reference, Section, Text, duration, number


class Replicas(Section):
    """The number of replicas."""

    min: Annotated[int, Field(ge=0, le=1000)] = 1
    """The minimum number of replicas."""
    max: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The maximum number of replicas. Default: `min`."""


class Autoscale(Section):
    """Autoscaling by a metric."""

    metric: Literal["rps", "cpu", "memory", "concurrency", "lag"]
    """rps: requests per second and replica; cpu, memory: percent of the request; concurrency: open requests; lag."""
    target: Annotated[Decimal, number("0.001", "1000000")]
    """The target value per replica."""


class Direct(Section):
    """Replace the version at once."""

    strategy: Literal["direct"]
    """The rollout of new versions."""


Share = Annotated[int, Field(ge=1, le=100)]


class Canary(Section):
    """Shift traffic to the new version in steps."""

    strategy: Literal["canary"]
    """The rollout of new versions."""
    steps: Annotated[tuple[Share, ...], Field(min_length=1, max_length=20, strict=False)]
    """Percent of traffic at each step, increasing to 100."""
    pause: Annotated[times.Duration, duration("1s", "30d")]
    """The duration of each step."""
    abort_on: Annotated[tuple[Reference, ...], Field(strict=False)] = ()
    """Objectives of `alerts.slos` that abort the rollout when they are violated."""


class Shadow(Section):
    """Mirror traffic to the new version; its predictions are discarded."""

    strategy: Literal["shadow"]
    """The rollout of new versions."""
    percent: Share = 100
    """Percent of mirrored traffic."""


Rollout = Annotated[Direct | Canary | Shadow, Field(discriminator="strategy")]


class Endpoint(Section):
    """A served model."""

    model: Name
    """The served alias; mlops.lock pins its version and artifact."""
    features: Reference | None = None
    """The feature set to look up by entity key. Default: none, requests contain plain tensors."""
    replicas: Replicas = Replicas.model_construct(min=1, max=None)
    """The number of replicas."""
    autoscale: Autoscale | None = None
    """Autoscaling by a metric."""
    resources: Resources = Resources.model_construct(cpu=None, memory=None, gpu=None)
    """The resources of a replica."""
    rollout: Rollout = Direct.model_construct(strategy="direct")
    """The rollout of new versions."""
    pods: PodSettings | None = None
    """Where and how its pods run."""
    renamed_from: Reference | None = None
    """Its name before this change, so that the plan reports a rename instead of a removal."""
    description: Text = ""
    """A description of the endpoint."""


class Serving(Section):
    """The endpoints."""

    endpoints: Annotated[dict[Name, Endpoint], Field(min_length=1)]
    """The endpoints, by name."""
