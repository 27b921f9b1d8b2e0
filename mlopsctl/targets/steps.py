"""The command line of a step, the same whoever starts it.

In: a blueprint, a step, and where the engine has files and values. Out: a program and its arguments. Never a shell,
never the engine's name: a step must not know who started it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from mlopsctl.blueprint.model import Blueprint, Endpoint, Pipeline, Step, StepParameter
from mlopsctl.emit.argv import argv

PROGRAM: Final = ["mlopsctl"]


def permitted(blueprint: Blueprint) -> tuple[Step | Endpoint, ...]:
    """Return what asks for rights in the cluster: steps, and the endpoints that some of them change."""
    asking = [step for pipeline in blueprint.pipelines for step in pipeline.steps if step.permissions]
    changing = any("shift-traffic" in step.permissions for step in asking)
    return (*asking, *(blueprint.endpoints if changing else ()))


class Places(NamedTuple):
    """What an engine puts into a command line: a path for each name of a file, a text for each parameter.

    `read` is the path of what another step left, for an engine that hands on files and no texts.
    """

    taken: Callable[[str], str]
    made: Callable[[str], str]
    left: Callable[[str], str]
    value: Callable[[StepParameter], str]
    read: Callable[[StepParameter], str] | None = None


def arguments(blueprint: Blueprint, pipeline: Pipeline, step: Step, places: Places) -> list[str]:
    """Return the step's arguments: inputs, files it makes, parameters it leaves behind, parameters it is handed.

    The step is told which pipeline it is part of, by hash: a run may start before the Blueprint it belongs to is there.
    """
    words = ["step", step.verb, "--blueprint", blueprint.paths.blueprint, "--expect", pipeline.hash]
    for taken in step.inputs:
        words += ("--in", f"{taken.name}={places.taken(taken.name)}")
    for made in step.outputs:
        words += ("--out", f"{made.name}={places.made(made.name)}")
    for left in step.output_parameters:
        words += ("--out", f"{left.name}={places.left(left.name)}")
    for parameter in step.parameters:
        if places.read and parameter.step is not None:
            words += ("--read", f"{parameter.name}={places.read(parameter)}")
        else:
            words += ("--set", f"{parameter.name}={places.value(parameter)}")
    return argv(*words)
