"""Polyaxonfiles: a pipeline as a component with a DAG, and a schedule that starts it.

They have no version field, which Polyaxon ignores since 2.18.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Parameter, Pipeline, Schedule, Step
from mlopsctl.emit.origin import about
from mlopsctl.engines.polyaxon import conventions
from mlopsctl.engines.polyaxon.job import before, job
from mlopsctl.engines.shared import kubernetes


def component(blueprint: Blueprint, pipeline: Pipeline) -> dict[str, Any]:
    """Return the pipeline; it can be run as it is."""
    labels = kubernetes.metadata(blueprint, pipeline.name, conventions.COMPONENT)["labels"]
    document: dict[str, Any] = {
        "kind": "component",
        "name": pipeline.name,
        "description": pipeline.description,
        "tags": [blueprint.identity.system, blueprint.identity.environment],
        **_place(blueprint),
        "termination": {"timeout": pipeline.deadline},
    }
    if pipeline.parameters:
        document["inputs"] = [_input(parameter) for parameter in pipeline.parameters]
    operations = [about((step,), _operation(blueprint, pipeline, step, labels)) for step in pipeline.steps]
    return {**document, "run": {"kind": "dag", "operations": operations}}


def scheduled(blueprint: Blueprint, pipeline: Pipeline, schedule: Schedule) -> dict[str, Any]:
    """Return what starts the pipeline by the clock, one run at a time."""
    document: dict[str, Any] = {
        "kind": "operation",
        "name": schedule.name,
        "tags": [blueprint.identity.system, blueprint.identity.environment],
        **_place(blueprint),
        "schedule": {"kind": "cron", "cron": schedule.cron, "dependsOnPast": True},
    }
    if schedule.arguments:
        document["params"] = {conventions.variable(name): {"value": value} for name, value in schedule.arguments}
    return {**document, "pathRef": f"../{conventions.COMPONENTS}/{pipeline.name}.yaml"}


def _place(blueprint: Blueprint) -> dict[str, str]:
    """Return where its pods go: to the namespace of the ConfigMaps and secrets that they read."""
    queue = blueprint.engines.pipelines.settings.get("queue")
    return {"namespace": blueprint.place.namespace, **({"queue": queue} if queue else {})}


def _input(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": conventions.variable(parameter.name),
        "description": parameter.description,
        "type": "str",
        "isOptional": True,
        "value": parameter.default,
    }


def _operation(blueprint: Blueprint, pipeline: Pipeline, step: Step, labels: dict[str, str]) -> dict[str, Any]:
    handed = {
        **{conventions.outputs_of(name): {"ref": f"ops.{name}", "value": "artifacts.outputs"} for name in before(step)},
        **{
            conventions.variable(parameter.name): {
                "ref": "dag",
                "value": f"inputs.{conventions.variable(parameter.pipeline)}",
            }
            for parameter in step.parameters
            if parameter.pipeline is not None
        },
    }
    inputs = {"inputs": [{"name": name, "type": "str"} for name in handed]} if handed else {}
    return {
        "kind": "operation",
        "name": step.name,
        **({"dependencies": list(step.needs)} if step.needs else {}),
        "termination": _termination(step),
        **({"params": handed} if handed else {}),
        "component": {
            "kind": "component",
            "name": step.name,
            "description": step.description,
            # An old result must not pass for a new one: a step also reads the Blueprint, and the outside world.
            "cache": {"disable": True},
            **inputs,
            "run": job(blueprint, pipeline, step, labels),
        },
    }


def _termination(step: Step) -> dict[str, Any]:
    if not step.retry.limit:
        return {"timeout": step.timeout}
    return {"maxRetries": step.retry.limit, "timeout": step.timeout, "podFailurePolicy": conventions.REFUSAL}
