"""Section `checks`: checks of data and model, gates, and live checks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import model_validator

from mlopsctl.engines import settings
from mlopsctl.spec import scalars, times
from mlopsctl.spec.words import Delay, JsonValue, Number, Section, duration, number

CheckName = Annotated[
    str,
    scalars.matching(
        r"[A-Za-z][A-Za-z0-9_]*",
        "a check's name",
        "write the engine's own name, as WeakSegmentsPerformance or expect_column_values_to_be_unique",
    ),
]
MetricKey = Annotated[
    str, scalars.matching(r"[a-z][a-z0-9_]*", "a metric's name", "write lower case, as average_precision")
]
WordKey = Annotated[
    str, scalars.matching(r"[a-z_][a-z0-9_]*", "a parameter's name", "use lower-case letters, digits and `_`")
]
if TYPE_CHECKING:
    CheckEngine = str
else:
    CheckEngine = Literal[settings.names("checks")]


class Check(Section):
    """A check of the engine, with its parameters and conditions."""

    check: CheckName | None = None
    """The engine's name of the check, if the key is a custom name. Default: the key."""
    params: dict[WordKey, JsonValue] = {}
    """The parameters of the check."""
    conditions: dict[WordKey, dict[WordKey, JsonValue]] = {}
    """Conditions by method name, each with its parameters."""


class CheckStage(Section):
    """The checks of one stage of the pipeline."""

    suite: MetricKey | None = None
    """A predefined suite of the engine."""
    checks: dict[CheckName, Check | None] = {}
    """Single checks, by the engine's name, or by a custom name with `check`."""


class Gate(Section):
    """A bound that a new model must meet before the alias moves."""

    min: Number | None = None
    """The minimum value."""
    max: Number | None = None
    """The maximum value."""
    max_drop: Annotated[Decimal, number("0", "1e12")] | None = None
    """The maximum deterioration from the served version, in the unit of the metric."""

    @model_validator(mode="after")
    def _some_bound(self) -> Gate:
        if self.min is None and self.max is None and self.max_drop is None:
            raise scalars.fail("value", "a gate without a bound can never fail", "give min, max or maxDrop")
        return self


class NumericalDrift(Section):
    """Drift of numeric columns."""

    method: Literal["ks", "wasserstein", "psi"]
    """ks: Kolmogorov-Smirnov; wasserstein: earth mover's distance, normalised; psi: population stability index."""
    max: Number
    """The score above which the column drifts."""


class CategoricalDrift(Section):
    """Drift of categorical columns."""

    method: Literal["cramers-v", "psi"]
    """cramers-v: association between sample and value; psi: population stability index."""
    max: Number
    """The score above which the column drifts."""


class Drift(Section):
    """Drift of recent rows from the training snapshot of the served version."""

    numerical: NumericalDrift | None = None
    """The method for numeric columns."""
    categorical: CategoricalDrift | None = None
    """The method for string and boolean columns."""


class Quality(Section):
    """The quality of the served model, computed when labels are known."""

    metric: MetricKey
    """A metric of the task."""
    min: Number | None = None
    """The minimum value."""
    max: Number | None = None
    """The maximum value."""
    delay: Delay | None = None
    """How late labels are known. Default and minimum: the label's delay."""

    @model_validator(mode="after")
    def _one_bound(self) -> Quality:
        if (self.min is None) == (self.max is None):
            raise scalars.fail(
                "value", "quality needs exactly one of `min` and `max`", "give the one that fits the metric"
            )
        return self


class Live(Section):
    """Live checks of the served model."""

    every: Annotated[times.Duration, duration("1s", "365d")]
    """The interval between two runs."""
    window: Annotated[times.Duration, duration("1s", "3650d")]
    """The period of recent rows that each run reads."""
    drift: Drift | None = None
    """Drift of the inputs."""
    quality: Quality | None = None
    """Quality of the predictions."""


class Checks(Section):
    """Checks, gates and live checks."""

    engine: CheckEngine | None = None
    """The engine that runs the checks. Default: the workspace's."""
    data: CheckStage | None = None
    """Checks of the training set, in addition to the contract of its columns."""
    split: CheckStage | None = None
    """Checks of the training rows against the holdout."""
    model: CheckStage | None = None
    """Checks of the trained model."""
    gates: dict[MetricKey, Gate] = {}
    """Bounds by metric; all must pass before the alias moves."""
    live: Live | None = None
    """Live checks of the served model."""
