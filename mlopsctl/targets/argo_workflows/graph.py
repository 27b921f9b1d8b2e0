"""The graph of a pipeline: which step waits for which, and what it is handed.

In: a pipeline. Out: the template of the whole graph, and references into it. Never a container.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Pipeline, Step, StepParameter
from mlopsctl.emit.origin import about
from mlopsctl.targets.argo_workflows import conventions


def main(pipeline: Pipeline) -> dict[str, Any]:
    """Return the graph: one task a step, each a template of its own name."""
    return {"name": conventions.ENTRYPOINT, "dag": {"tasks": [about((step,), _task(step)) for step in pipeline.steps]}}


def _task(step: Step) -> dict[str, Any]:
    task: dict[str, Any] = {"name": step.name, "template": step.name}
    if step.needs:
        task["depends"] = " && ".join([f"{name}.Succeeded" for name in step.needs])
    handed = {
        "parameters": [
            {"name": one.name, "value": f"{{{{tasks.{one.step}.outputs.parameters.{one.output}}}}}"}
            for one in from_steps(step)
        ],
        "artifacts": [
            {"name": one.name, "from": f"{{{{tasks.{one.step}.outputs.artifacts.{one.output}}}}}"}
            for one in step.inputs
        ],
    }
    if arguments := {kind: values for kind, values in handed.items() if values}:
        task["arguments"] = arguments
    return task


def from_steps(step: Step) -> list[StepParameter]:
    """List the parameters that other steps hand to this one; the others are known before it starts."""
    return [one for one in step.parameters if one.step is not None]


def value(parameter: StepParameter) -> str:
    """Return a parameter's value as the template of its step writes it."""
    if parameter.value is not None:
        return parameter.value
    if parameter.pipeline is not None:
        return f"{{{{workflow.parameters.{parameter.pipeline}}}}}"
    return f"{{{{inputs.parameters.{parameter.name}}}}}"
