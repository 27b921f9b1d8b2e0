"""Section `serving`: endpoints, how they scale, and how a new version reaches them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from mlopsctl.spec import times
from mlopsctl.spec.model import Resources
from mlopsctl.spec.words import Name, Reference, Section, Text, duration, number


class Replicas(Section):
    """How many copies serve."""

    min: Annotated[int, Field(ge=0, le=1000)] = 1
    """The least number of copies."""
    max: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The most copies; by default as many as `min`."""


class Autoscale(Section):
    """What the number of copies follows."""

    metric: Literal["rps", "cpu", "memory", "concurrency", "lag"]
    """rps: requests a second and copy; cpu, memory: percent of the request; concurrency: requests in flight; lag."""
    target: Annotated[Decimal, number("0.001", "1000000")]
    """The value one copy should see."""


class Direct(Section):
    """The new version takes over at once."""

    strategy: Literal["direct"]
    """How a new version reaches the endpoint."""


Share = Annotated[int, Field(ge=1, le=100)]


class Canary(Section):
    """The new version gets a growing share of the traffic."""

    strategy: Literal["canary"]
    """How a new version reaches the endpoint."""
    steps: Annotated[tuple[Share, ...], Field(min_length=1, max_length=20, strict=False)]
    """Percent of traffic at each step, rising to 100."""
    pause: Annotated[times.Duration, duration("1s", "30d")]
    """How long each step is watched."""
    abort_on: Annotated[tuple[Reference, ...], Field(strict=False)] = ()
    """Objectives of `alerts.slos` that end the rollout when they burn."""


class Shadow(Section):
    """The new version gets a copy of the traffic; its answers are not used."""

    strategy: Literal["shadow"]
    """How a new version reaches the endpoint."""
    percent: Share = 100
    """Percent of traffic that is copied."""


Rollout = Annotated[Direct | Canary | Shadow, Field(discriminator="strategy")]


class Endpoint(Section):
    """A served model."""

    model: Name
    """The alias that is served; mlops.lock resolves it to a version and its artifact."""
    features: Reference | None = None
    """The set whose features are looked up by entity key; left out, the endpoint takes plain tensors."""
    replicas: Replicas = Replicas.model_construct(min=1, max=None)
    """How many copies serve."""
    autoscale: Autoscale | None = None
    """What the number of copies follows."""
    resources: Resources = Resources.model_construct(cpu=None, memory=None, gpu=None)
    """What one copy asks for."""
    rollout: Rollout = Direct.model_construct(strategy="direct")
    """How a new version reaches the endpoint."""
    renamed_from: Reference | None = None
    """Its name before this change: what reads the plan knows then that it is the same thing."""
    description: Text = ""
    """What the endpoint answers."""


class Serving(Section):
    """The endpoints."""

    endpoints: Annotated[dict[Name, Endpoint], Field(min_length=1)]
    """The endpoints, by name."""
