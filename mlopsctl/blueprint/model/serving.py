"""Serving: endpoints, the versions they serve, rollouts, autoscaling."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from mlopsctl.blueprint.model.features import Field
from mlopsctl.blueprint.model.metrics import Histogram, Series
from mlopsctl.blueprint.model.pipelines import Resources
from mlopsctl.blueprint.model.pods import PLAIN, Pod
from mlopsctl.blueprint.model.record import Record
from mlopsctl.blueprint.model.training import ModelVersion

STABLE, CANDIDATE = "stable", "candidate"
"""Names of the two versions of an endpoint, for an engine that keeps both in one object."""


class ServedVersion(Record, frozen=True):
    """A served version, with the name of its object."""

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
    """The metric and target of autoscaling; `query` reads the metric if the engine itself does not."""

    metric: str
    target: Decimal
    query: Series | None


class Signals(Record, frozen=True):
    """The series of requests, errors and latency; None if the engine does not export it."""

    requests: Series | None
    errors: Series | None
    latency: Histogram | None


class Endpoint(Record, frozen=True):
    """A served model. `name` is the rendered object's; `spec_name` the one in the spec.

    `kind` is the kind of object that counts the requests (pipeline, model, deployment, service).
    During a rollout the candidate is a separate object, `candidate_name`.
    `features` is the set looked up online (None: plain tensors). `requests` and `errors` are None if the engine
    exports no such series, `latency` if it has no histogram.
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
    pod: Pod = PLAIN
