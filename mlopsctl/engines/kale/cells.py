"""The cells of a notebook: their code, and the tags that make them Kale steps.

Texts of users appear in code only as literals of the emitter, and never in Kale's metadata, which Kale pastes into
code unescaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Parameter, Pipeline, Step, StepParameter
from mlopsctl.emit.origin import about
from mlopsctl.emit.python import module
from mlopsctl.emit.python_tree import Assign, Call, Expr, Expression, Index, Name, Statement
from mlopsctl.engines.kale import conventions
from mlopsctl.engines.shared import steps


def cells(blueprint: Blueprint, pipeline: Pipeline) -> list[dict[str, Any]]:
    """Return the cells with stable ids."""
    first = {"cell_type": "markdown", "id": "about", "metadata": {}, "source": _lines(_about(pipeline))}
    all_cells = [first, _code("handing", ["imports"], _handing())]
    if pipeline.parameters:
        all_cells.append(_code("parameters", ["pipeline-parameters"], module("", _parameters(pipeline.parameters))))
    all_cells += [
        about((step,), _code(step.name, list(_tags(step)), module("", _statements(blueprint, pipeline, step))))
        for step in pipeline.steps
    ]
    return all_cells


def _about(pipeline: Pipeline) -> str:
    """Return the notebook's description, and the recurring runs to create by hand."""
    text = f"# {pipeline.name}\n\nRendered by mlopsctl from the system's spec: {pipeline.description}.\n"
    for schedule in pipeline.schedules:
        values = "".join(f", with {name} = {value}" for name, value in schedule.arguments)
        time = f"`{schedule.cron}` in {schedule.timezone}"
        text += f"\nA recurring run in KFP starts it: `{schedule.name}` at {time}{values}.\n"
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
    return (Assign(conventions.identifier(parameter.name), parameter.default) for parameter in parameters)


def _tags(step: Step) -> Iterator[str]:
    yield f"step:{conventions.identifier(step.name)}"
    yield from (f"prev:{conventions.identifier(name)}" for name in step.needs)
    if step.resources.gpu_count:
        yield f"limit:{step.resources.gpu_resource}:{step.resources.gpu_count}"
    yield from (
        f"secret:{variable.secret}:{variable.key}:{variable.name}"
        for variable in step.environment
        if variable.secret is not None
    )


def _statements(blueprint: Blueprint, pipeline: Pipeline, step: Step) -> Iterator[Statement]:
    """Yield the call of the step, and the variables in which later steps find what it made."""
    carried = _carried_on(pipeline, step)
    run = Call(conventions.RUN_STEP, (_command(blueprint, pipeline, step),), _arguments(blueprint, step, carried))
    if not carried:
        yield Expr(run)
        return
    yield Assign(conventions.HANDED, run)
    for name in carried:
        yield Assign(conventions.variable(step.name, name), Index(Name(conventions.HANDED), name))


def _carried_on(pipeline: Pipeline, step: Step) -> list[str]:
    """List what later steps take of this one: the rest is not carried on."""
    read = {input_.output for later in pipeline.steps for input_ in later.inputs if input_.step == step.name}
    read |= {
        parameter.output or ""
        for later in pipeline.steps
        for parameter in later.parameters
        if parameter.step == step.name
    }
    outputs = [
        *(output.name for output in step.outputs),
        *(output_parameter.name for output_parameter in step.output_parameters),
    ]
    return [name for name in outputs if name in read]


def _command(blueprint: Blueprint, pipeline: Pipeline, step: Step) -> list[str]:
    paths = blueprint.paths
    places = steps.Places(
        input_path=lambda name: f"{paths.inputs}/{name}",
        output_path=lambda name: f"{paths.outputs}/{name}",
        parameter_path=lambda name: f"{paths.parameters}/{name}",
        value=lambda parameter: parameter.value or "",
    )
    constant = tuple(parameter for parameter in step.parameters if parameter.value is not None)
    return [*steps.PROGRAM, *steps.arguments(blueprint, pipeline, replace(step, parameters=constant), places)]


def _arguments(blueprint: Blueprint, step: Step, carried: list[str]) -> dict[str, Expression]:
    """Return the arguments besides the command, those that hold something."""
    paths = blueprint.paths
    plain = {variable.name: variable.value or "" for variable in step.environment if variable.secret is None}
    arguments: dict[str, dict[str, Expression]] = {
        "files": {
            f"{paths.inputs}/{input_.name}": Name(conventions.variable(input_.step, input_.output))
            for input_ in step.inputs
        },
        "values": {parameter.name: _value(parameter) for parameter in step.parameters if parameter.value is None},
        "outputs": {output.name: f"{paths.outputs}/{output.name}" for output in step.outputs if output.name in carried},
        "parameters": {
            output_parameter.name: f"{paths.parameters}/{output_parameter.name}"
            for output_parameter in step.output_parameters
            if output_parameter.name in carried
        },
        "environment": dict(plain),
    }
    return {name: values for name, values in arguments.items() if values}


def _value(parameter: StepParameter) -> Name:
    if parameter.pipeline is not None:
        return Name(conventions.identifier(parameter.pipeline))
    return Name(conventions.variable(parameter.step or "", parameter.output or ""))
