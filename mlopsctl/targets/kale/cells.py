"""The cells of a notebook: what they say, and the tags by which Kale makes steps of them.

In: a blueprint and one of its pipelines. Out: cells as data. Never a user's text in code but as a literal of the
emitter; never a text of Kale's metadata that a user could have written, since Kale pastes those into code as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model import Blueprint, Parameter, Pipeline, Step, StepParameter
from mlopsctl.emit.origin import about
from mlopsctl.emit.python import Assign, Call, Expr, Expression, Index, Name, Statement, module
from mlopsctl.targets import steps
from mlopsctl.targets.kale import conventions


def cells(blueprint: Blueprint, pipeline: Pipeline) -> list[dict[str, Any]]:
    """Return the cells, each with an id of its own that no run of ours changes."""
    first = {"cell_type": "markdown", "id": "about", "metadata": {}, "source": _lines(_about(pipeline))}
    found = [first, _code("handing", ["imports"], _handing())]
    if pipeline.parameters:
        found.append(_code("parameters", ["pipeline-parameters"], module("", _parameters(pipeline.parameters))))
    found += [
        about((step,), _code(step.name, list(_tags(step)), module("", _statements(blueprint, pipeline, step))))
        for step in pipeline.steps
    ]
    return found


def _about(pipeline: Pipeline) -> str:
    """Say what the notebook is, and which recurring runs somebody has to create for it."""
    text = f"# {pipeline.name}\n\nRendered by mlopsctl from the system's spec: {pipeline.description}.\n"
    for one in pipeline.schedules:
        values = "".join(f", with {name} = {value}" for name, value in one.arguments)
        text += f"\nA recurring run in KFP starts it: `{one.name}` at `{one.cron}` in {one.timezone}{values}.\n"
    return text


def _handing() -> str:
    return resources.files(__package__).joinpath("handing.py").read_text("utf-8")


def _code(id: str, tags: list[str], source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": id,
        "metadata": {"tags": tags},
        "outputs": [],
        "source": _lines(source.removesuffix("\n")),
    }


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _parameters(parameters: Iterable[Parameter]) -> Iterator[Statement]:
    return (Assign(conventions.word(one.name), one.default) for one in parameters)


def _tags(step: Step) -> Iterator[str]:
    yield f"step:{conventions.word(step.name)}"
    yield from (f"prev:{conventions.word(name)}" for name in step.needs)
    if step.resources.gpu_count:
        yield f"limit:{step.resources.gpu_resource}:{step.resources.gpu_count}"
    yield from (f"secret:{one.secret}:{one.key}:{one.name}" for one in step.environment if one.secret is not None)


def _statements(blueprint: Blueprint, pipeline: Pipeline, step: Step) -> Iterator[Statement]:
    """Yield the call of the step, and the variables in which later steps find what it made."""
    wanted = _wanted(pipeline, step)
    call = Call(conventions.RUN_STEP, (_words(blueprint, pipeline, step),), _arguments(blueprint, step, wanted))
    if not wanted:
        yield Expr(call)
        return
    yield Assign(conventions.HANDED, call)
    for name in wanted:
        yield Assign(conventions.variable(step.name, name), Index(Name(conventions.HANDED), name))


def _wanted(pipeline: Pipeline, step: Step) -> list[str]:
    """List what later steps take of this one: the rest is not carried on."""
    taken = {one.output for later in pipeline.steps for one in later.inputs if one.step == step.name}
    taken |= {one.output or "" for later in pipeline.steps for one in later.parameters if one.step == step.name}
    made = [*(one.name for one in step.outputs), *(one.name for one in step.output_parameters)]
    return [name for name in made if name in taken]


def _words(blueprint: Blueprint, pipeline: Pipeline, step: Step) -> list[str]:
    paths = blueprint.paths
    places = steps.Places(
        taken=lambda name: f"{paths.inputs}/{name}",
        made=lambda name: f"{paths.outputs}/{name}",
        left=lambda name: f"{paths.parameters}/{name}",
        value=lambda parameter: parameter.value or "",
    )
    constant = tuple(one for one in step.parameters if one.value is not None)
    return [*steps.PROGRAM, *steps.arguments(blueprint, pipeline, replace(step, parameters=constant), places)]


def _arguments(blueprint: Blueprint, step: Step, wanted: list[str]) -> dict[str, Expression]:
    """Return the arguments besides the command, those that hold something."""
    paths = blueprint.paths
    plain = {one.name: one.value or "" for one in step.environment if one.secret is None}
    found: dict[str, dict[str, Expression]] = {
        "files": {
            f"{paths.inputs}/{one.name}": Name(conventions.variable(one.step, one.output)) for one in step.inputs
        },
        "values": {one.name: _value(one) for one in step.parameters if one.value is None},
        "made": {one.name: f"{paths.outputs}/{one.name}" for one in step.outputs if one.name in wanted},
        "left": {one.name: f"{paths.parameters}/{one.name}" for one in step.output_parameters if one.name in wanted},
        "environment": dict(plain),
    }
    return {name: values for name, values in found.items() if values}


def _value(parameter: StepParameter) -> Name:
    if parameter.pipeline is not None:
        return Name(conventions.word(parameter.pipeline))
    return Name(conventions.variable(parameter.step or "", parameter.output or ""))
