"""The graph of a pipeline: which task waits for which, what it is handed, and how often it is tried."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.pipelines import Parameter, Pipeline, Retry, Step, StepInput, StepParameter
from mlopsctl.emit.origin import about
from mlopsctl.engines.kfp.components import component


def root(pipeline: Pipeline) -> dict[str, Any]:
    """Return the pipeline's parameters and its tasks, one a step."""
    declared: dict[str, Any] = {}
    if pipeline.parameters:
        declared["inputDefinitions"] = {
            "parameters": {parameter.name: _parameter(parameter) for parameter in pipeline.parameters}
        }
    return {**declared, "dag": {"tasks": {step.name: about((step,), _task(step)) for step in pipeline.steps}}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "parameterType": "STRING",
        "defaultValue": parameter.default,
        "isOptional": True,
        "description": parameter.description,
    }


def _task(step: Step) -> dict[str, Any]:
    task: dict[str, Any] = {"taskInfo": {"name": step.name}, "componentRef": {"name": component(step)}}
    if step.needs:
        task["dependentTasks"] = list(step.needs)
    handed = {
        "artifacts": {input_.name: _from_file(input_) for input_ in step.inputs},
        "parameters": {
            parameter.name: _from_value(parameter) for parameter in step.parameters if parameter.value is None
        },
    }
    if inputs := {kind: values for kind, values in handed.items() if values}:
        task["inputs"] = inputs
    # A step also reads the Blueprint, which is no part of the cache's key: an old result could pass for a new one.
    task["cachingOptions"] = {"enableCache": False}
    if step.retry.limit:
        task["retryPolicy"] = _retries(step.retry, step.timeout)
    return task


def _from_file(step_input: StepInput) -> dict[str, Any]:
    return {"taskOutputArtifact": {"producerTask": step_input.step, "outputArtifactKey": step_input.output}}


def _from_value(step_parameter: StepParameter) -> dict[str, Any]:
    if step_parameter.pipeline is not None:
        return {"componentInputParameter": step_parameter.pipeline}
    return {"taskOutputParameter": {"producerTask": step_parameter.step, "outputParameterKey": step_parameter.output}}


def _retries(retry: Retry, timeout_s: int) -> dict[str, Any]:
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
        "backoffMaxDuration": f"{(retry.limit + 1) * timeout_s + waits}s",
    }
