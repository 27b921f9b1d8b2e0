"""Alerts: the conditions that they watch, and the routes of their notifications."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.record import Record


class Condition:
    """The condition of an alert. `kind` identifies the class in the JSON."""

    __slots__ = ()
    kind: ClassVar[str]


class BurnCondition(Condition, Record, frozen=True, tag_field="kind", tag="burn"):
    """The objective's budget burns at this severity's pace."""

    slo: str
    kind: ClassVar[str] = "burn"


class AgeCondition(Condition, Record, frozen=True, tag_field="kind", tag="age"):
    """A timestamp is older than `threshold` seconds, or was not reported since the rule began to be evaluated."""

    series: Series
    threshold: int
    kind: ClassVar[str] = "age"


class BoundCondition(Condition, Record, frozen=True, tag_field="kind", tag="bound"):
    """A gauge is beyond a bound; each value of the labels `by` alerts separately.

    `missing` is the share of missing values by the same labels, shown in the alert's text.
    """

    series: Series
    operator: Literal[">", "<"]
    bound: Decimal
    by: tuple[str, ...] = ()
    missing: Series | None = None
    kind: ClassVar[str] = "bound"


class FailureCondition(Condition, Record, frozen=True, tag_field="kind", tag="failure"):
    """A run failed within the last `window` seconds.

    `series` holds when the last one failed, in Unix seconds. With `alive` it is a gauge that counts failed runs, and
    falls when runs are deleted; `alive` is exported whenever its exporter is, also before the first run.
    """

    series: Series
    window: int
    alive: Series | None = None
    kind: ClassVar[str] = "failure"


class OverdueCondition(Condition, Record, frozen=True, tag_field="kind", tag="overdue"):
    """No run has succeeded for `window` seconds, nor since the rule began to be evaluated.

    `series` holds when the last one succeeded, in Unix seconds; with `alive` it counts, as in `FailureCondition`.
    """

    series: Series
    window: int
    alive: Series | None = None
    kind: ClassVar[str] = "overdue"


class ExpressionCondition(Condition, Record, frozen=True, tag_field="kind", tag="expression"):
    """A PromQL expression of the user, already parsed."""

    expression: str
    kind: ClassVar[str] = "expression"


CONDITIONS: Mapping[str, type[Condition]] = {
    "burn": BurnCondition,
    "age": AgeCondition,
    "bound": BoundCondition,
    "failure": FailureCondition,
    "overdue": OverdueCondition,
    "expression": ExpressionCondition,
}
"""Each condition by its kind."""


class Alert(Record, frozen=True):
    """One alert. `labels` are complete, `source` is the spec path it comes from, `hold` is its `for`, in seconds."""

    name: str
    group: Literal["slo", "freshness", "drift", "quality", "training", "own"]
    severity: Literal["page", "ticket"]
    condition: Condition
    hold: int
    summary: str
    description: str
    labels: Mapping[str, str]
    source: str


class Route(Record, frozen=True):
    """The receiver of one severity."""

    severity: Literal["page", "ticket"]
    kind: str
    name: str
