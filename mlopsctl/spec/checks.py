"""Section `checks`: suites on data and model, the gates before the alias moves, and the live monitors."""

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
    """One check of the engine, with its real parameters and conditions."""

    check: CheckName | None = None
    """The engine's own name of the check; by default the key it stands under, which is then any name."""
    params: dict[WordKey, JsonValue] = {}
    """The check's own parameters."""
    conditions: dict[WordKey, dict[WordKey, JsonValue]] = {}
    """Conditions by their method's name, each with its parameters."""


class CheckStage(Section):
    """What is checked at one point of the pipeline."""

    suite: MetricKey | None = None
    """A whole suite of the engine."""
    checks: dict[CheckName, Check | None] = {}
    """Single checks, by the engine's own name; or by any name, where `check` says which it is."""


class Gate(Section):
    """A bound the new model must hold before the alias moves."""

    min: Number | None = None
    """The least value allowed."""
    max: Number | None = None
    """The largest value allowed."""
    max_drop: Annotated[Decimal, number("0", "1e12")] | None = None
    """How much worse than the model now served it may be."""

    @model_validator(mode="after")
    def _some_bound(self) -> Gate:
        if self.min is None and self.max is None and self.max_drop is None:
            raise scalars.fail("value", "a gate without a bound can never fail", "give min, max or maxDrop")
        return self


class NumericalDrift(Section):
    """Drift of numbers."""

    method: Literal["ks", "wasserstein", "psi"]
    """ks: Kolmogorov-Smirnov; wasserstein: earth mover's distance, normalised; psi: population stability index."""
    max: Number
    """The score above which the column drifts."""


class CategoricalDrift(Section):
    """Drift of categories."""

    method: Literal["cramers-v", "psi"]
    """cramers-v: association between sample and value; psi: population stability index."""
    max: Number
    """The score above which the column drifts."""


class Drift(Section):
    """Recent rows against the training snapshot of the version now served."""

    numerical: NumericalDrift | None = None
    """For number columns."""
    categorical: CategoricalDrift | None = None
    """For text and boolean columns."""


class Quality(Section):
    """The served model against labels, once they are known."""

    metric: MetricKey
    """The metric, one the task knows."""
    min: Number | None = None
    """The least value allowed."""
    max: Number | None = None
    """The largest value allowed."""
    delay: Delay | None = None
    """How late labels are known; by default the label's delay, and never less."""

    @model_validator(mode="after")
    def _one_bound(self) -> Quality:
        if (self.min is None) == (self.max is None):
            raise scalars.fail(
                "value", "quality needs exactly one of `min` and `max`", "give the one that fits the metric"
            )
        return self


class Live(Section):
    """What is watched on the model that is served now."""

    every: Annotated[times.Duration, duration("1s", "365d")]
    """How often the monitors run."""
    window: Annotated[times.Duration, duration("1s", "3650d")]
    """How much of the recent past each run looks at."""
    drift: Drift | None = None
    """Watch the inputs."""
    quality: Quality | None = None
    """Watch the answers."""


class Checks(Section):
    """Suites, gates and live monitors."""

    engine: CheckEngine | None = None
    """The engine that runs the checks; by default the workspace's."""
    data: CheckStage | None = None
    """On the built training set; the columns' contract is checked as well."""
    split: CheckStage | None = None
    """On the training rows against the holdout."""
    model: CheckStage | None = None
    """On the trained model."""
    gates: dict[MetricKey, Gate] = {}
    """Bounds by metric; all must hold before the alias moves."""
    live: Live | None = None
    """Watch what is served now."""
