"""A step as a component: what goes in, what comes out, and the container that does it.

In: a blueprint, a pipeline and a step. Out: parts of the pipeline's intermediate representation. Never a secret, a
mount or a timeout: those are Kubernetes' and stand in the platform's part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model import Blueprint, Pipeline, Resources, Step
from mlopsctl.targets import steps
from mlopsctl.targets.kfp import conventions
from mlopsctl.targets.kfp.placeholders import PLACES

Kinds = Mapping[tuple[str, str], str]


def component(step: Step) -> str:
    """Name a step's component."""
    return f"comp-{step.name}"


def executor(step: Step) -> str:
    """Name a step's executor."""
    return f"exec-{step.name}"


def kinds(pipeline: Pipeline) -> Kinds:
    """Tell of what kind each file of the pipeline is, by (step, output)."""
    return {(step.name, made.name): made.kind for step in pipeline.steps for made in step.outputs}


def definition(step: Step, kinds: Kinds) -> dict[str, Any]:
    """Return a step's component."""
    taken = {one.name: _artifact(kinds[one.step, one.output]) for one in step.inputs}
    handed = {one.name: {"parameterType": "STRING"} for one in step.parameters if one.value is None}
    made = {one.name: _artifact(one.kind) for one in step.outputs}
    left = {one.name: {"parameterType": "STRING"} for one in step.output_parameters}
    return {
        "executorLabel": executor(step),
        **_definitions("inputDefinitions", taken, handed),
        **_definitions("outputDefinitions", made, left),
    }


def container(blueprint: Blueprint, pipeline: Pipeline, step: Step, variables: Mapping[str, str]) -> dict[str, Any]:
    """Return a step's container; `variables` are those that only this engine gives."""
    plain = {one.name: one.value or "" for one in step.environment if one.secret is None}
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
    found = {kind: values for kind, values in both.items() if values}
    return {key: found} if found else {}


def _artifact(kind: str) -> dict[str, Any]:
    return {
        "artifactType": {
            "schemaTitle": conventions.ARTIFACTS[kind],
            "schemaVersion": conventions.ARTIFACT_SCHEMA,
        }
    }


def _resources(wanted: Resources) -> dict[str, Any]:
    """Return requests and limits: the processor has none of the latter, as in every container of ours."""
    found: dict[str, Any] = {
        "resourceCpuRequest": wanted.cpu,
        "resourceMemoryRequest": wanted.memory,
        "resourceMemoryLimit": wanted.memory,
    }
    if wanted.gpu_count:
        found["accelerator"] = {"resourceType": wanted.gpu_resource, "resourceCount": str(wanted.gpu_count)}
    return found
