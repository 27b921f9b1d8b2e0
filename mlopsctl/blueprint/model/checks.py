"""Checks: suites, gates, and the monitors of the served model."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mlopsctl.blueprint.model.features import Column
from mlopsctl.blueprint.model.record import Record


class Check(Record, frozen=True):
    """One check of the engine, its parameters, and its conditions by method name.

    `check` is the engine's name of the check if `name` is the user's own.
    """

    name: str
    params: Mapping[str, Any]
    conditions: Mapping[str, Mapping[str, Any]]
    check: str = ""

    @property
    def kind(self) -> str:
        """The engine's name of the check."""
        return self.check or self.name


class CheckStage(Record, frozen=True):
    """The checks of a stage of the pipeline: `data`, `split` or `model`."""

    stage: str
    suite: str | None
    checks: tuple[Check, ...]


class Gate(Record, frozen=True):
    """Bounds on one metric. `higher_is_better` sets the direction of `max_drop`."""

    metric: str
    higher_is_better: bool
    min: Decimal | None
    max: Decimal | None
    max_drop: Decimal | None


class DriftColumn(Record, frozen=True):
    """A column watched for drift, its method, and its maximum score.

    `parameter` is the step's output that holds the score, `missing` the one that holds the share of missing values.
    """

    name: str
    type: str
    method: str
    max: Decimal
    parameter: str
    missing: str = ""


class QualityMonitor(Record, frozen=True):
    """A metric of the served model on rows whose label is known, `delay` seconds late."""

    metric: str
    higher_is_better: bool
    bound: Decimal
    delay: int


class Live(Record, frozen=True):
    """Live checks of the served model, every `every` seconds over the last `window` seconds."""

    every: int
    window: int
    drift: tuple[DriftColumn, ...]
    quality: QualityMonitor | None


class Checks(Record, frozen=True):
    """Suites, gates and live monitors. `contract` holds the columns of the built training set that have one."""

    stages: tuple[CheckStage, ...]
    contract: tuple[Column, ...]
    gates: tuple[Gate, ...]
    live: Live | None
