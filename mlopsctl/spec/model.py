"""Section `model`: what is trained, with which code and resources, when, and where it is registered."""

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
    """The container image of the steps; its digest comes from mlops.lock, or stands in the reference. `mlopsctl run` on
    one machine needs none; `render` does.
    """
    entrypoint: PythonFunction | None = None
    """The function train(features, label, params) -> estimator; give this or `command`."""
    command: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)] | None = None
    """A command line, word by word; give this or `entrypoint`."""

    requirements: Annotated[tuple[Requirement, ...], Field(strict=False)] = ()
    """Python packages that the served model needs beside those found in it, as name or name==1.2."""

    @model_validator(mode="after")
    def _one_entry(self) -> Code:
        if (self.entrypoint is None) == (self.command is None):
            raise scalars.fail("value", "code needs exactly one of `entrypoint` and `command`", "give one of the two")
        return self


class TimeSplit(Section):
    """Keep the newest rows for evaluation."""

    by: Literal["time"]
    """How rows are split."""
    holdout: Annotated[times.Duration, duration("1m", "3650d")]
    """The length of the newest stretch of labelled rows that is kept for evaluation."""
    lag: Delay | None = None
    """How far back the holdout ends; by default the label's delay, and never less."""


class RandomSplit(Section):
    """Keep a random share of the rows for evaluation."""

    by: Literal["random"]
    """How rows are split."""
    holdout: Annotated[Decimal, percent("0.1%", "99%")]
    """The share of rows that is kept for evaluation."""


Split = Annotated[TimeSplit | RandomSplit, Field(discriminator="by")]


class Gpu(Section):
    """Accelerators of one kind."""

    count: Annotated[int, Field(ge=1, le=64)] = 1
    """How many."""
    resource: Annotated[
        str, scalars.matching(r"[a-z0-9.-]+/[A-Za-z0-9._-]+", "an extended resource", "write nvidia.com/gpu")
    ] = "nvidia.com/gpu"
    """The extended resource's name."""


class Resources(Section):
    """What a container asks for; memory is a hard limit as well."""

    cpu: Cpu | None = None
    """Cores, as 500m or 4."""
    memory: Memory | None = None
    """Bytes, as 512Mi or 16Gi."""
    gpu: Gpu | None = None
    """Accelerators."""


class Schedule(Section):
    """When, in which time zone."""

    cron: Cron
    """Five fields: minute, hour, day of month, month, day of week."""
    timezone: TimeZone
    """An IANA name; zones with summer time can skip or repeat a run."""


class OnDrift(Section):
    """Retrain when the live data drift away from the training snapshot."""

    cooldown: Annotated[times.Duration, duration("1m", "365d")]
    """The least time between two such runs."""
    max_per_week: Annotated[int, Field(ge=1, le=168)]
    """The most such runs in seven days."""


class Retrain(Section):
    """What starts a training run."""

    schedule: Schedule | None = None
    """Start on a schedule."""
    on_change: bool = False
    """Start one run when the data, features, model or checks change."""
    on_drift: OnDrift | None = None
    """Start a run when drift is found."""


class Registry(Section):
    """Where the trained model is registered."""

    name: Name
    """The registered model's name."""
    experiment: Name
    """The experiment its runs are logged to."""
    alias: Name = "champion"
    """The alias that moves when all gates held."""


class Model(Section):
    """What is trained, when, and where it is registered."""

    task: Task
    """What the model predicts; decides which metrics and checks make sense."""
    flavor: Flavor
    """The library the model is written in."""
    features: Reference
    """The feature set it is trained on."""
    label: Reference
    """The label it learns."""
    code: Code
    """The training code."""
    params: dict[
        Annotated[str, scalars.matching(r"[A-Za-z_]\w*", "a parameter name", "use letters, digits and `_`")],
        JsonValue,
    ] = {}
    """Parameters handed to the training code."""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    """The seed of every random choice."""
    split: Split
    """How rows are kept back for evaluation."""
    resources: Resources = Resources.model_construct(cpu=None, memory=None, gpu=None)
    """What the training step asks for."""
    timeout: Annotated[times.Duration, duration("1s", "90d")] | None = None
    """How long the training step may take."""
    retrain: Retrain = Retrain.model_construct(schedule=None, on_change=False, on_drift=None)
    """What starts a training run."""
    registry: Registry
    """Where the trained model is registered."""
    tags: dict[Label, LabelValue] = {}
    """Free tags, carried to the registry."""
