"""Pipelines: steps with their inputs and outputs, parameters, schedules, runs, the paths in a container."""

from __future__ import annotations

from typing import Literal

from mlopsctl.blueprint.model.pods import PLAIN, EnvironmentVariable, Pod
from mlopsctl.blueprint.model.record import Record

GATE_REJECTED_CODE = 3
"""The exit status of a step that rejects the run: a check or a gate failed. Engines do not retry it."""


class StepInput(Record, frozen=True):
    """A file or folder that another step of the pipeline writes."""

    name: str
    step: str
    output: str


class StepOutput(Record, frozen=True):
    """A file or folder that a step writes; `kind` is dataset, model, metrics or report."""

    name: str
    kind: Literal["dataset", "model", "metrics", "report"]


class OutputParameter(Record, frozen=True):
    """An output parameter of a step; `default` is used if the step was skipped."""

    name: str
    default: str


class StepParameter(Record, frozen=True):
    """A value passed to a step: a constant, a parameter of the pipeline, or another step's output parameter.

    Exactly one of `value`, `pipeline` and (`step`, `output`) is set.
    """

    name: str
    value: str | None = None
    pipeline: str | None = None
    step: str | None = None
    output: str | None = None


class Resources(Record, frozen=True):
    """Kubernetes quantities; `memory` is request and limit. A GPU is `gpu_count` of `gpu_resource`."""

    cpu: str
    memory: str
    gpu_count: int = 0
    gpu_resource: str = ""


class Retry(Record, frozen=True):
    """How a failed step is retried: `limit` times, after `delay` seconds, times `factor`, at most `cap` seconds."""

    limit: int
    delay: int
    factor: int
    cap: int


class Gauge(Record, frozen=True):
    """A metric of a step: its output parameter `parameter`, exported as `metric` with `labels`."""

    metric: str
    help: str
    labels: tuple[tuple[str, str], ...]
    parameter: str


class Step(Record, frozen=True):
    """One container. `verb` is the word after `mlopsctl step`; `permissions` are engine-neutral names of its rights.

    Steps with the same `mutex`, in any pipeline, run one after another. `timeout` is in seconds.
    """

    name: str
    verb: str
    description: str
    needs: tuple[str, ...]
    inputs: tuple[StepInput, ...]
    outputs: tuple[StepOutput, ...]
    output_parameters: tuple[OutputParameter, ...]
    parameters: tuple[StepParameter, ...]
    environment: tuple[EnvironmentVariable, ...]
    resources: Resources
    timeout: int
    retry: Retry
    gauges: tuple[Gauge, ...]
    permissions: tuple[Literal["start-pipeline", "shift-traffic"], ...]
    mutex: str | None = None
    pod: Pod = PLAIN


class Parameter(Record, frozen=True):
    """A parameter of a pipeline and its default."""

    name: str
    default: str
    description: str


class Schedule(Record, frozen=True):
    """A start by the clock: five-field cron in an IANA time zone, with the arguments that differ from the defaults.

    `period` is the longest time between two starts, in seconds.
    """

    name: str
    cron: str
    timezone: str
    arguments: tuple[tuple[str, str], ...]
    period: int


class Run(Record, frozen=True):
    """A run on change: its name contains the hash of all inputs that should start it."""

    name: str
    hash: str


class Pipeline(Record, frozen=True):
    """A graph of steps, in topological order. One run at a time: `mutex`. `deadline` bounds a run, in seconds.

    `pod` are the settings of pods that an engine adds to the steps.
    """

    name: str
    purpose: Literal["materialize", "train", "monitor", "rollout"]
    description: str
    image: str
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    schedules: tuple[Schedule, ...]
    on_change: Run | None
    mutex: str
    deadline: int
    hash: str
    pod: Pod = PLAIN


class StepPaths(Record, frozen=True):
    """The paths of inputs and outputs in a container."""

    blueprint: str
    features: str
    inputs: str
    outputs: str
    parameters: str
    work: str
    temporary: str


PATHS = StepPaths(
    blueprint="/etc/mlopsctl/blueprint/blueprint.json",
    features="/etc/mlopsctl/features",
    inputs="/workspace/in",
    outputs="/workspace/out",
    parameters="/workspace/parameters",
    work="/workspace",
    temporary="/tmp",  # noqa: S108 - a path inside the container
)
