"""One call of a step: everything it may read, and where it leaves what it makes.

In: what the command line said. Out: values for a step, which is a function of them alone. Never a clock, never the
process's own environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlopsctl.blueprint.model import Blueprint, Checks, Features, FeatureSet, Model
from mlopsctl.runtime.log import Log


class Broken(Exception):  # noqa: N818 - a state of the step, not a kind of error in the code
    """The step cannot do its work; `field` names the part of the spec that is at fault, where one is."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(f"{message} ({field})" if field else message)


class Refused(Exception):  # noqa: N818 - a state of the step, not a kind of error in the code
    """The step's answer is no."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a step is called with.

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
        """Return an input that must be there."""
        if name not in self.inputs:
            raise Broken(f"step {self.step} needs --in {name}=PATH")
        path = self.inputs[name]
        if not path.exists():
            raise Broken(f"--in {name}: there is nothing at {path}")
        return path

    def output(self, name: str) -> Path:
        """Return where an output goes; what nobody asked for goes to the scratch folder."""
        return self.outputs.get(name) or self.work / "unasked" / name

    def parameter(self, name: str) -> str:
        """Return a parameter that must be there."""
        if name not in self.parameters:
            raise Broken(f"step {self.step} needs --set {name}=VALUE")
        return self.parameters[name]

    @property
    def model(self) -> Model:
        """The model, which steps of training pipelines have."""
        if self.blueprint.model is None:
            raise Broken("this system trains no model", "spec.model")
        return self.blueprint.model

    @property
    def checks(self) -> Checks:
        """The checks of a model."""
        if self.blueprint.checks is None:
            raise Broken("this system has no checks", "spec.checks")
        return self.blueprint.checks

    @property
    def definitions(self) -> Features:
        """The system's part of the feature project."""
        if self.blueprint.features is None:
            raise Broken("this system has no features", "spec.features")
        return self.blueprint.features

    @property
    def feature_set(self) -> FeatureSet:
        """The set that the model is trained on."""
        wanted = self.model.features
        return next(one for one in self.definitions.sets if one.name == wanted)
