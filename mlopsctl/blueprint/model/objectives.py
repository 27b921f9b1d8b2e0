"""Objectives: SLOs with their burn rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.record import Record


class Burn(Record, frozen=True):
    """A pair of windows: an alert fires when both error ratios exceed `threshold` (factor x error budget)."""

    severity: Literal["page", "ticket"]
    long: str
    short: str
    factor: Decimal
    threshold: Decimal


class Slo(Record, frozen=True):
    """An objective over `window` seconds. `windows` are the recording rules' ranges, shortest first.

    availability: `bad` of `total`. latency: `good_bucket` (without its `le`, which is `threshold`) of `total`.
    With `of_candidate` it counts only the requests of a canary: a rollout watches it, and it has no alert.
    """

    id: str
    name: str
    kind: Literal["availability", "latency"]
    endpoint: str
    objective: Decimal
    budget: Decimal
    window: int
    threshold: Decimal | None
    bad: Series | None
    good_bucket: Series | None
    total: Series
    windows: tuple[str, ...]
    burns: tuple[Burn, ...]
    of_candidate: bool = False
