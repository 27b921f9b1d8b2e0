"""Serving: endpoints, the versions they serve, rollouts, autoscaling."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from mlopsctl.blueprint.model.features import Field
from mlopsctl.blueprint.model.metrics import Histogram, Series
from mlopsctl.blueprint.model.pipelines import Resources
from mlopsctl.blueprint.model.record import Record
from mlopsctl.blueprint.model.training import ModelVersion

STABLE, CANDIDATE = "stable", "candidate"
"""The halves of an endpoint, by name, for an engine that keeps both in one object."""


class ServedVersion(Record, frozen=True):
    """A version as a served object of its own name."""

    name: str
    version: ModelVersion


class Rollout(Record, frozen=True):
    """How a new version comes in.

    `weight` is the share of traffic, in percent, that Git gives the candidate now. `pause` is in seconds.
    """

    strategy: Literal["direct", "canary", "shadow"]
    steps: tuple[int, ...]
    pause: int
    abort_on: tuple[str, ...]
    weight: int


class Autoscale(Record, frozen=True):
    """What the number of copies follows; `query` reads the metric where the engine itself does not."""

    metric: str
    target: Decimal
    query: Series | None


class Signals(Record, frozen=True):
    """What tells how requests fare: each None where the engine has no such series."""

    requests: Series | None
    errors: Series | None
    latency: Histogram | None


class Endpoint(Record, frozen=True):
    """A served model. `name` is the rendered object's; `spec_name` the one in the spec.

    `kind` is the catalogue's word for the object that counts the requests (pipeline, model, deployment, service).
    While a candidate comes in, it is served as an object of its own, `candidate_name`.
    `features` is the set looked up online (None: plain tensors). `requests` and `errors` may be None where the engine
    exports no such series, `latency` where it has no histogram.
    """

    name: str
    spec_name: str
    candidate_name: str
    kind: str
    description: str
    flavor: str
    features: str | None
    inputs: tuple[Field, ...]
    stable: ServedVersion
    candidate: ServedVersion | None
    min_replicas: int
    max_replicas: int
    autoscale: Autoscale | None
    resources: Resources
    rollout: Rollout
    requests: Series | None
    errors: Series | None
    latency: Histogram | None
    candidate_signals: Signals | None = None
