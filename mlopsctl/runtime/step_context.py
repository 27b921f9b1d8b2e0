"""The context of a step: its inputs, outputs, parameters and reference time.

A step reads neither the clock nor the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.checks import Checks
from mlopsctl.blueprint.model.features import Features, FeatureSet
from mlopsctl.blueprint.model.training import Model
from mlopsctl.runtime.log import Log


class StepFailed(Exception):  # noqa: N818 - a state of the step, not a kind of error in the code
    """The step cannot do its work; `field` is the spec field that causes it, if there is one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(f"{message} ({field})" if field else message)


class GateRejected(Exception):  # noqa: N818 - a state of the step, not a kind of error in the code
    """A check or a gate rejects the run."""


@dataclass(frozen=True, slots=True)
class StepContext:
    """The context of a step's call.

    `root` is the folder that relative paths of the spec start from, `features` the rendered feature repository, `work`
    a scratch folder. `metrics` is a file for gauges in Prometheus' text format.
    """

    step: str
    blueprint: Blueprint
    inputs: Mapping[str, Path]
    outputs: Mapping[str, Path]
    parameters: Mapping[str, str]
    root: Path
    features: Path
    work: Path
    now: datetime
    environ: Mapping[str, str]
    log: Log
    metrics: Path | None = None

    def input(self, name: str) -> Path:
        """Return a required input."""
        if name not in self.inputs:
            raise StepFailed(f"step {self.step} needs --in {name}=PATH")
        path = self.inputs[name]
        if not path.exists():
            raise StepFailed(f"--in {name}: {path} does not exist")
        return path

    def output(self, name: str) -> Path:
        """Return the path of an output; outputs that are not requested go to the scratch folder."""
        return self.outputs.get(name) or self.work / "unasked" / name

    def parameter(self, name: str) -> str:
        """Return a required parameter."""
        if name not in self.parameters:
            raise StepFailed(f"step {self.step} needs --set {name}=VALUE")
        return self.parameters[name]

    @property
    def model(self) -> Model:
        """The model; StepFailed if the system has none."""
        if self.blueprint.model is None:
            raise StepFailed("this system has no model", "spec.model")
        return self.blueprint.model

    @property
    def checks(self) -> Checks:
        """The checks of a model."""
        if self.blueprint.checks is None:
            raise StepFailed("this system has no checks", "spec.checks")
        return self.blueprint.checks

    @property
    def definitions(self) -> Features:
        """The system's part of the feature project."""
        if self.blueprint.features is None:
            raise StepFailed("this system has no features", "spec.features")
        return self.blueprint.features

    @property
    def feature_set(self) -> FeatureSet:
        """The model's feature set."""
        name = self.model.features
        return next(feature_set for feature_set in self.definitions.sets if feature_set.name == name)
