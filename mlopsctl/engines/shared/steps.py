"""The command line of a step, independent of the engine that starts it; no shell is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline, Step, StepParameter
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.emit.argv import argv

PROGRAM: Final = ["mlopsctl"]


def permitted(blueprint: Blueprint) -> tuple[Step | Endpoint, ...]:
    """Return the steps that need permissions in the cluster, and the endpoints that they change."""
    asking = [step for pipeline in blueprint.pipelines for step in pipeline.steps if step.permissions]
    changing = any("shift-traffic" in step.permissions for step in asking)
    return (*asking, *(blueprint.endpoints if changing else ()))


class Places(NamedTuple):
    """The engine's values in a command line: a path per file, a text per parameter.

    `read` is the path of another step's output, for an engine that passes files instead of texts.
    """

    input_path: Callable[[str], str]
    output_path: Callable[[str], str]
    parameter_path: Callable[[str], str]
    value: Callable[[StepParameter], str]
    parameter_file: Callable[[StepParameter], str] | None = None


def arguments(blueprint: Blueprint, pipeline: Pipeline, step: Step, places: Places) -> list[str]:
    """Return the step's arguments: inputs, output files, output parameters, parameters.

    The hash of its pipeline is an argument, because a run may start before its Blueprint is applied.
    """
    command = ["step", step.verb, "--blueprint", blueprint.paths.blueprint, "--expect", pipeline.hash]
    for input_ in step.inputs:
        command += ("--in", f"{input_.name}={places.input_path(input_.name)}")
    for output in step.outputs:
        command += ("--out", f"{output.name}={places.output_path(output.name)}")
    for left in step.output_parameters:
        command += ("--out", f"{left.name}={places.parameter_path(left.name)}")
    for parameter in step.parameters:
        if places.parameter_file and parameter.step is not None:
            command += ("--read", f"{parameter.name}={places.parameter_file(parameter)}")
        else:
            command += ("--set", f"{parameter.name}={places.value(parameter)}")
    return argv(*command)
