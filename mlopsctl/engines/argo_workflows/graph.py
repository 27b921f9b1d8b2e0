"""The graph of a pipeline: dependencies and arguments of steps."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.pipelines import Pipeline, Step, StepParameter
from mlopsctl.emit.origin import about
from mlopsctl.engines.argo_workflows import conventions


def main(pipeline: Pipeline) -> dict[str, Any]:
    """Return the graph: one task a step, each a template of its own name."""
    return {"name": conventions.ENTRYPOINT, "dag": {"tasks": [about((step,), _task(step)) for step in pipeline.steps]}}


def _task(step: Step) -> dict[str, Any]:
    task: dict[str, Any] = {"name": step.name, "template": step.name}
    if step.needs:
        task["depends"] = " && ".join([f"{name}.Succeeded" for name in step.needs])
    handed = {
        "parameters": [
            {"name": parameter.name, "value": f"{{{{tasks.{parameter.step}.outputs.parameters.{parameter.output}}}}}"}
            for parameter in from_steps(step)
        ],
        "artifacts": [
            {"name": input_.name, "from": f"{{{{tasks.{input_.step}.outputs.artifacts.{input_.output}}}}}"}
            for input_ in step.inputs
        ],
    }
    if arguments := {kind: values for kind, values in handed.items() if values}:
        task["arguments"] = arguments
    return task


def from_steps(step: Step) -> list[StepParameter]:
    """List the parameters that other steps hand to this one; the others are known before it starts."""
    return [parameter for parameter in step.parameters if parameter.step is not None]


def value(parameter: StepParameter) -> str:
    """Return a parameter's value as the template of its step writes it."""
    if parameter.value is not None:
        return parameter.value
    if parameter.pipeline is not None:
        return f"{{{{workflow.parameters.{parameter.pipeline}}}}}"
    return f"{{{{inputs.parameters.{parameter.name}}}}}"
