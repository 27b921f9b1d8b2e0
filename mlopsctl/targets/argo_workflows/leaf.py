"""The templates that run a container: one a step, and one that speaks when a run is over.

In: a blueprint, its pipeline and a step. Out: a template with its own retries, timeout, rights and files.
Never a shell.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import REFUSED, Blueprint, EnvironmentVariable, Pipeline, Resources, Retry, Step
from mlopsctl.emit.argv import argv
from mlopsctl.targets import kubernetes, steps
from mlopsctl.targets.argo_workflows import access, artifacts, conventions, graph, metrics, volumes


def leaf(blueprint: Blueprint, pipeline: Pipeline, step: Step) -> dict[str, Any]:
    """Return a step's template."""
    return {
        "name": step.name,
        "timeout": f"{step.timeout}s",
        **_retries(step.retry),
        **({"synchronization": {"mutexes": [{"name": step.mutex}]}} if step.mutex else {}),
        **access.step_runs_as(blueprint, step),
        **_inputs(blueprint, step),
        **_outputs(blueprint, step),
        **metrics.gauges(step),
        "container": _container(
            blueprint, pipeline.image, _arguments(blueprint, pipeline, step), step.environment, step.resources
        ),
    }


def on_exit(blueprint: Blueprint, pipeline: Pipeline) -> dict[str, Any]:
    """Return the template that runs after every run, however it ended."""
    words = argv(
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
        "container": _container(blueprint, pipeline.image, words, (), conventions.FINISH_RESOURCES),
    }


def _retries(retry: Retry) -> dict[str, Any]:
    """Try again what broke, whatever broke it, but not a step whose answer was no."""
    if not retry.limit:
        return {}
    backoff = {"duration": f"{retry.delay}s", "factor": str(retry.factor), "cap": f"{retry.cap}s"}
    return {
        "retryStrategy": {
            "limit": str(retry.limit),
            "retryPolicy": "Always",
            "expression": f"asInt(lastRetry.exitCode) != {REFUSED}",
            "backoff": backoff,
        }
    }


def _inputs(blueprint: Blueprint, step: Step) -> dict[str, Any]:
    folder = blueprint.paths.inputs
    taken = {
        "parameters": [{"name": one.name} for one in graph.from_steps(step)],
        "artifacts": [{"name": one.name, "path": f"{folder}/{one.name}"} for one in step.inputs],
    }
    found = {kind: values for kind, values in taken.items() if values}
    return {"inputs": found} if found else {}


def _outputs(blueprint: Blueprint, step: Step) -> dict[str, Any]:
    """Return what the step leaves behind; without a default, a skipped step breaks the run."""
    folder = blueprint.paths.parameters
    made = {
        "parameters": [
            {"name": one.name, "valueFrom": {"path": f"{folder}/{one.name}", "default": one.default}}
            for one in step.output_parameters
        ],
        "artifacts": [artifacts.output(blueprint, one) for one in step.outputs],
    }
    found = {kind: values for kind, values in made.items() if values}
    return {"outputs": found} if found else {}


def _arguments(blueprint: Blueprint, pipeline: Pipeline, step: Step) -> list[str]:
    paths = blueprint.paths
    places = steps.Places(
        taken=lambda name: f"{paths.inputs}/{name}",
        made=lambda name: f"{paths.outputs}/{name}",
        left=lambda name: f"{paths.parameters}/{name}",
        value=graph.value,
    )
    return steps.arguments(blueprint, pipeline, step, places)


def _container(
    blueprint: Blueprint,
    image: str,
    words: list[str],
    environment: tuple[EnvironmentVariable, ...],
    wanted: Resources,
) -> dict[str, Any]:
    return {
        "image": image,
        "command": steps.PROGRAM,
        "args": words,
        # The image's own home cannot be written: libraries put their caches where this points.
        "env": [{"name": "HOME", "value": blueprint.paths.temporary}, *map(_variable, environment)],
        "resources": kubernetes.resources(wanted),
        "securityContext": kubernetes.container_security(),
        "volumeMounts": volumes.mounts(blueprint),
    }


def _variable(one: EnvironmentVariable) -> dict[str, Any]:
    if one.secret is None:
        return {"name": one.name, "value": one.value or ""}
    return {"name": one.name, "valueFrom": {"secretKeyRef": {"name": one.secret, "key": one.key}}}
