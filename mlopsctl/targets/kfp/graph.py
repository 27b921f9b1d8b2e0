"""The graph of a pipeline: which task waits for which, what it is handed, and how often it is tried.

In: a pipeline. Out: the root of its intermediate representation. Never a container.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Parameter, Pipeline, Retry, Step, StepInput, StepParameter
from mlopsctl.emit.origin import about
from mlopsctl.targets.kfp.components import component


def root(pipeline: Pipeline) -> dict[str, Any]:
    """Return the pipeline's parameters and its tasks, one a step."""
    found: dict[str, Any] = {}
    if pipeline.parameters:
        found["inputDefinitions"] = {"parameters": {one.name: _parameter(one) for one in pipeline.parameters}}
    return {**found, "dag": {"tasks": {step.name: about((step,), _task(step)) for step in pipeline.steps}}}


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "parameterType": "STRING",
        "defaultValue": one.default,
        "isOptional": True,
        "description": one.description,
    }


def _task(step: Step) -> dict[str, Any]:
    task: dict[str, Any] = {"taskInfo": {"name": step.name}, "componentRef": {"name": component(step)}}
    if step.needs:
        task["dependentTasks"] = list(step.needs)
    handed = {
        "artifacts": {one.name: _from_file(one) for one in step.inputs},
        "parameters": {one.name: _from_value(one) for one in step.parameters if one.value is None},
    }
    if inputs := {kind: values for kind, values in handed.items() if values}:
        task["inputs"] = inputs
    # A step also reads the Blueprint, which is no part of the cache's key: an old result could pass for a new one.
    task["cachingOptions"] = {"enableCache": False}
    if step.retry.limit:
        task["retryPolicy"] = _retries(step.retry, step.timeout)
    return task


def _from_file(one: StepInput) -> dict[str, Any]:
    return {"taskOutputArtifact": {"producerTask": one.step, "outputArtifactKey": one.output}}


def _from_value(one: StepParameter) -> dict[str, Any]:
    if one.pipeline is not None:
        return {"componentInputParameter": one.pipeline}
    return {"taskOutputParameter": {"producerTask": one.step, "outputParameterKey": one.output}}


def _retries(retry: Retry, timeout: int) -> dict[str, Any]:
    """Return how a step is tried again.

    KFP hands `backoffMaxDuration` to Argo as the time from the first attempt's start after which nothing is tried
    again. Left out it is zero, and as short as one wait it would cut off every step that takes longer: it has to hold
    all attempts and all waits.
    """
    waits = sum(retry.delay * retry.factor**attempt for attempt in range(retry.limit))
    return {
        "maxRetryCount": retry.limit,
        "backoffDuration": f"{retry.delay}s",
        "backoffFactor": retry.factor,
        "backoffMaxDuration": f"{(retry.limit + 1) * timeout + waits}s",
    }
