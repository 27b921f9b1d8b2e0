"""A step as a component: inputs, outputs and container. Secrets, mounts and timeouts are in the platform part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline, Resources, Step
from mlopsctl.engines.kfp import conventions
from mlopsctl.engines.kfp.placeholders import PLACES
from mlopsctl.engines.shared import steps

Kinds = Mapping[tuple[str, str], str]


def component(step: Step) -> str:
    """Name a step's component."""
    return f"comp-{step.name}"


def executor(step: Step) -> str:
    """Name a step's executor."""
    return f"exec-{step.name}"


def kinds(pipeline: Pipeline) -> Kinds:
    """Return the kind of each file of the pipeline by (step, output)."""
    return {(step.name, output.name): output.kind for step in pipeline.steps for output in step.outputs}


def definition(step: Step, kinds: Kinds) -> dict[str, Any]:
    """Return a step's component."""
    inputs = {input_.name: _artifact(kinds[input_.step, input_.output]) for input_ in step.inputs}
    handed = {parameter.name: {"parameterType": "STRING"} for parameter in step.parameters if parameter.value is None}
    outputs = {output.name: _artifact(output.kind) for output in step.outputs}
    left = {output_parameter.name: {"parameterType": "STRING"} for output_parameter in step.output_parameters}
    return {
        "executorLabel": executor(step),
        **_definitions("inputDefinitions", inputs, handed),
        **_definitions("outputDefinitions", outputs, left),
    }


def container(blueprint: Blueprint, pipeline: Pipeline, step: Step, variables: Mapping[str, str]) -> dict[str, Any]:
    """Return a step's container; `variables` are those that only this engine gives."""
    environment = (*step.environment, *step.pod.environment)
    plain = {variable.name: variable.value or "" for variable in environment if variable.secret is None}
    # The image's own home cannot be written: libraries put their caches where this points.
    env = {"HOME": blueprint.paths.temporary, **plain, **variables}
    return {
        "container": {
            "image": pipeline.image,
            "command": steps.PROGRAM,
            "args": steps.arguments(blueprint, pipeline, step, PLACES),
            "env": [{"name": name, "value": value} for name, value in env.items()],
            "resources": _resources(step.resources),
        }
    }


def _definitions(key: str, artifacts: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    both = {"artifacts": artifacts, "parameters": parameters}
    declared = {kind: values for kind, values in both.items() if values}
    return {key: declared} if declared else {}


def _artifact(kind: str) -> dict[str, Any]:
    return {
        "artifactType": {
            "schemaTitle": conventions.ARTIFACTS[kind],
            "schemaVersion": conventions.ARTIFACT_SCHEMA,
        }
    }


def _resources(resources: Resources) -> dict[str, Any]:
    """Return requests and limits; no container has a CPU limit."""
    requested: dict[str, Any] = {
        "resourceCpuRequest": resources.cpu,
        "resourceMemoryRequest": resources.memory,
        "resourceMemoryLimit": resources.memory,
    }
    if resources.gpu_count:
        requested["accelerator"] = {"resourceType": resources.gpu_resource, "resourceCount": str(resources.gpu_count)}
    return requested
