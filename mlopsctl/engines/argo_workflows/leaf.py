"""The templates that run a container: one per step, and the exit handler."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import GATE_REJECTED_CODE, Pipeline, Resources, Retry, Step
from mlopsctl.blueprint.model.pods import EnvironmentVariable, Pod
from mlopsctl.emit.argv import argv
from mlopsctl.engines.argo_workflows import access, artifacts, conventions, graph, metrics, placement, volumes
from mlopsctl.engines.shared import kubernetes, pods, steps


def leaf(blueprint: Blueprint, pipeline: Pipeline, step: Step) -> dict[str, Any]:
    """Return a step's template."""
    return {
        "name": step.name,
        "timeout": f"{step.timeout}s",
        **_retries(step.retry),
        **({"synchronization": {"mutexes": [{"name": step.mutex}]}} if step.mutex else {}),
        **access.step_runs_as(blueprint, step),
        **placement.of_pod(blueprint, step.pod),
        **_inputs(blueprint, step),
        **_outputs(blueprint, step),
        **metrics.gauges(step),
        "container": _container(
            blueprint, pipeline.image, _arguments(blueprint, pipeline, step), step.environment, step.resources, step.pod
        ),
    }


def on_exit(blueprint: Blueprint, pipeline: Pipeline) -> dict[str, Any]:
    """Return the template that runs after every run, however it ended."""
    arguments = argv(
        "step",
        "finish",
        "--blueprint",
        blueprint.paths.blueprint,
        "--set",
        f"pipeline={pipeline.name}",
        "--set",
        "run={{workflow.name}}",
        "--set",
        "status={{workflow.status}}",
    )
    return {
        "name": conventions.ON_EXIT,
        "timeout": f"{conventions.FINISH_TIMEOUT}s",
        **_retries(conventions.FINISH_RETRY),
        **placement.of_pod(blueprint, pipeline.pod),
        "container": _container(blueprint, pipeline.image, arguments, (), conventions.FINISH_RESOURCES, pipeline.pod),
    }


def _retries(retry: Retry) -> dict[str, Any]:
    """Retry failed steps for any reason, except steps that reject the run."""
    if not retry.limit:
        return {}
    backoff = {"duration": f"{retry.delay}s", "factor": str(retry.factor), "cap": f"{retry.cap}s"}
    return {
        "retryStrategy": {
            "limit": str(retry.limit),
            "retryPolicy": "Always",
            "expression": f"asInt(lastRetry.exitCode) != {GATE_REJECTED_CODE}",
            "backoff": backoff,
        }
    }


def _inputs(blueprint: Blueprint, step: Step) -> dict[str, Any]:
    folder = blueprint.paths.inputs
    inputs = {
        "parameters": [{"name": parameter.name} for parameter in graph.from_steps(step)],
        "artifacts": [{"name": input_.name, "path": f"{folder}/{input_.name}"} for input_ in step.inputs],
    }
    declared = {kind: values for kind, values in inputs.items() if values}
    return {"inputs": declared} if declared else {}


def _outputs(blueprint: Blueprint, step: Step) -> dict[str, Any]:
    """Return the step's outputs; without a default, a skipped step would fail the run."""
    folder = blueprint.paths.parameters
    outputs = {
        "parameters": [
            {
                "name": output_parameter.name,
                "valueFrom": {"path": f"{folder}/{output_parameter.name}", "default": output_parameter.default},
            }
            for output_parameter in step.output_parameters
        ],
        "artifacts": [artifacts.output(blueprint, output) for output in step.outputs],
    }
    declared = {kind: values for kind, values in outputs.items() if values}
    return {"outputs": declared} if declared else {}


def _arguments(blueprint: Blueprint, pipeline: Pipeline, step: Step) -> list[str]:
    paths = blueprint.paths
    places = steps.Places(
        input_path=lambda name: f"{paths.inputs}/{name}",
        output_path=lambda name: f"{paths.outputs}/{name}",
        parameter_path=lambda name: f"{paths.parameters}/{name}",
        value=graph.value,
    )
    return steps.arguments(blueprint, pipeline, step, places)


def _container(
    blueprint: Blueprint,
    image: str,
    arguments: list[str],
    environment: tuple[EnvironmentVariable, ...],
    resources: Resources,
    pod: Pod,
) -> dict[str, Any]:
    return {
        "image": image,
        "command": steps.PROGRAM,
        "args": arguments,
        # The image's own home cannot be written: libraries put their caches where this points.
        "env": [
            {"name": "HOME", "value": blueprint.paths.temporary},
            *map(kubernetes.variable, environment),
            *pods.variables(pod),
        ],
        "resources": kubernetes.resources(resources),
        "securityContext": kubernetes.container_security(),
        "volumeMounts": [*volumes.mounts(blueprint), *pods.mounts(pod)],
    }
