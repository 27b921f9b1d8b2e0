"""Section `model`: training code, data split, resources, triggers and registration."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlopsctl.spec import scalars, times
from mlopsctl.spec.words import (
    Cpu,
    Cron,
    Delay,
    Image,
    JsonValue,
    Label,
    LabelValue,
    Memory,
    Name,
    PythonFunction,
    Reference,
    Section,
    Text,
    TimeZone,
    duration,
    percent,
)

Task = Literal["binary-classification", "multiclass-classification", "regression"]
Flavor = Literal["sklearn", "xgboost", "lightgbm", "pytorch", "pyfunc"]


Requirement = Annotated[
    str,
    scalars.matching(
        r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9._,-]+\])?"
        r"(?:(?:[=~!]=|[<>]=?)[A-Za-z0-9.*+!_-]+(?:,(?:[=~!]=|[<>]=?)[A-Za-z0-9.*+!_-]+)*)?",
        "a requirement",
        "write name, name==1.2 or name>=1.2,<2",
        kind="value",
    ),
]


class Code(Section):
    """The user's training code, and the image that all steps run in."""

    image: Image | None = None
    """The container image of the steps; its digest comes from mlops.lock or is part of the reference. `mlopsctl run` on
    one machine needs none; `render` does.
    """
    entrypoint: PythonFunction | None = None
    """The function train(features, label, params) -> estimator; exclusive with `command`."""
    command: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)] | None = None
    """A command as a list of words; exclusive with `entrypoint`."""

    requirements: Annotated[tuple[Requirement, ...], Field(strict=False)] = ()
    """Additional Python packages that the served model needs, as name or name==1.2."""

    @model_validator(mode="after")
    def _one_entry(self) -> Code:
        if (self.entrypoint is None) == (self.command is None):
            raise scalars.fail("value", "code needs exactly one of `entrypoint` and `command`", "give one of the two")
        return self


class TimeSplit(Section):
    """Hold out the newest rows for evaluation."""

    by: Literal["time"]
    """The split method."""
    holdout: Annotated[times.Duration, duration("1m", "3650d")]
    """The period of the newest labelled rows that is held out for evaluation."""
    lag: Delay | None = None
    """How long ago the holdout ends. Default and minimum: the label's delay."""


class RandomSplit(Section):
    """Hold out a random share of the rows for evaluation."""

    by: Literal["random"]
    """The split method."""
    holdout: Annotated[Decimal, percent("0.1%", "99%")]
    """The share of rows that is held out for evaluation."""


Split = Annotated[TimeSplit | RandomSplit, Field(discriminator="by")]


class Gpu(Section):
    """Accelerators of one kind."""

    count: Annotated[int, Field(ge=1, le=64)] = 1
    """The number of accelerators."""
    resource: Annotated[
        str, scalars.matching(r"[a-z0-9.-]+/[A-Za-z0-9._-]+", "an extended resource", "write nvidia.com/gpu")
    ] = "nvidia.com/gpu"
    """The extended resource's name."""


class Resources(Section):
    """Resource requests of a container; memory is also the limit."""

    cpu: Cpu | None = None
    """CPU cores, such as 500m or 4."""
    memory: Memory | None = None
    """Memory, such as 512Mi or 16Gi."""
    gpu: Gpu | None = None
    """Accelerators."""


class Schedule(Section):
    """A cron schedule in a time zone."""

    cron: Cron
    """Five fields: minute, hour, day of month, month, day of week."""
    timezone: TimeZone
    """An IANA time zone; zones with daylight saving time can skip or repeat a run."""


class OnDrift(Section):
    """Retrain when live data drift from the training snapshot."""

    cooldown: Annotated[times.Duration, duration("1m", "365d")]
    """The minimum time between two such runs."""
    max_per_week: Annotated[int, Field(ge=1, le=168)]
    """The maximum number of such runs in seven days."""


class Retrain(Section):
    """The triggers of training runs."""

    schedule: Schedule | None = None
    """Start runs on a schedule."""
    on_change: bool = False
    """Start a run when the data, features, model or checks change."""
    on_drift: OnDrift | None = None
    """Start a run when the inputs drift."""


class Registry(Section):
    """The registration of the model."""

    name: Name
    """The registered model's name."""
    experiment: Name
    """The experiment of its runs."""
    alias: Name = "champion"
    """The alias that moves when all gates pass."""


class Model(Section):
    """The model: training, triggers and registration."""

    task: Task
    """The task, which decides the available metrics and checks."""
    flavor: Flavor
    """The library of the model."""
    features: Reference
    """The feature set for training."""
    label: Reference
    """The label to predict."""
    code: Code
    """The training code."""
    params: dict[
        Annotated[str, scalars.matching(r"[A-Za-z_]\w*", "a parameter name", "use letters, digits and `_`")],
        JsonValue,
    ] = {}
    """Parameters of the training code."""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    """The random seed."""
    split: Split
    """The split of rows into training and holdout."""
    resources: Resources = Resources.model_construct(cpu=None, memory=None, gpu=None)
    """What the training step asks for."""
    timeout: Annotated[times.Duration, duration("1s", "90d")] | None = None
    """The timeout of the training step."""
    retrain: Retrain = Retrain.model_construct(schedule=None, on_change=False, on_drift=None)
    """The triggers of training runs."""
    registry: Registry
    """The registration of the model."""
    tags: dict[Label, LabelValue] = {}
    """Tags for the registry."""
