"""The graph, its components and their containers: every name leads somewhere, and retries can happen."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from msgspec.structs import replace
from on_kfp import broken

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Resources, Retry

Versions = Callable[[Blueprint], dict[str, dict[str, Any]]]


def with_train_step(blueprint: Blueprint, **changes: Any) -> Blueprint:
    pipelines = tuple(
        replace(
            pipeline,
            steps=tuple(replace(step, **changes) if step.verb == "train" else step for step in pipeline.steps),
        )
        for pipeline in blueprint.pipelines
    )
    return replace(blueprint, pipelines=pipelines)


def test_every_reference_leads_somewhere(example: Blueprint, versions: Versions) -> None:
    by_name = versions(example)
    assert by_name
    for version in by_name.values():
        assert broken(version["spec"]["pipelineSpec"], version["spec"]["platformSpec"]) == []


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("root.dag.tasks.split.dependentTasks", ["build-dataset", "check-dat"], "stand not before it"),
        ("root.dag.tasks.train.componentRef.name", "comp-trian", "no component"),
        ("root.dag.tasks.train.inputs.parameters.params.componentInputParameter", "param", "no such parameter"),
        ("root.dag.tasks.gate.inputs.artifacts.metrics.taskOutputArtifact.outputArtifactKey", "m", "makes no such"),
        ("components.comp-train.executorLabel", "exec-trian", "no executor"),
        ("components.comp-split.outputDefinitions.artifacts.rest", {}, "its command line names"),
        ("deploymentSpec.executors.exec-train.container.resources.resourceCpuRequest", "2x", "is 2x"),
    ],
)
def test_the_check_would_have_seen_a_mistake(
    fraud: Blueprint, versions: Versions, path: str, value: Any, complaint: str
) -> None:
    spec = versions(fraud)["card-fraud-train"]["spec"]
    ir = deepcopy(spec["pipelineSpec"])
    *parents, last = path.split(".")
    node = ir
    for key in parents:
        node = node[key]
    node[last] = value
    assert any(complaint in finding for finding in broken(ir, spec["platformSpec"]))


def test_files_and_parameters_are_placeholders_and_constants_are_words(fraud: Blueprint, versions: Versions) -> None:
    executors = versions(fraud)["card-fraud-train"]["spec"]["pipelineSpec"]["deploymentSpec"]["executors"]
    assert executors["exec-train"]["container"]["command"] == ["mlopsctl"]
    assert executors["exec-train"]["container"]["args"] == [
        "step",
        "train",
        "--blueprint",
        "/etc/mlopsctl/blueprint/blueprint.json",
        "--expect",
        next(pipeline.hash for pipeline in fraud.pipelines if pipeline.purpose == "train"),
        "--in",
        "train={{$.inputs.artifacts['train'].path}}",
        "--out",
        "model={{$.outputs.artifacts['model'].path}}",
        "--out",
        "run-id={{$.outputs.parameters['run-id'].output_file}}",
        "--set",
        "params={{$.inputs.parameters['params']}}",
        "--set",
        "spec-hash={{$.inputs.parameters['spec-hash']}}",
    ]
    assert executors["exec-materialize"]["container"]["args"][-4:] == ["--set", "mode=incremental", "--set", "views="]


def test_artifacts_have_kfps_own_types(fraud: Blueprint, versions: Versions) -> None:
    components = versions(fraud)["card-fraud-train"]["spec"]["pipelineSpec"]["components"]
    titles = {
        name: artifact["artifactType"]["schemaTitle"]
        for component in components.values()
        for name, artifact in component.get("outputDefinitions", {}).get("artifacts", {}).items()
    }
    assert titles == {
        "dataset": "system.Dataset",
        "train": "system.Dataset",
        "holdout": "system.Dataset",
        "report": "system.Artifact",
        "model": "system.Model",
        "metrics": "system.Metrics",
        "verdict": "system.Metrics",
    }


def test_the_pipelines_parameters_have_their_defaults(fraud: Blueprint, versions: Versions) -> None:
    root = versions(fraud)["card-fraud-train"]["spec"]["pipelineSpec"]["root"]
    pipeline = next(pipeline for pipeline in fraud.pipelines if pipeline.purpose == "train")
    given = root["inputDefinitions"]["parameters"]
    assert {name: parameter["defaultValue"] for name, parameter in given.items()} == {
        parameter.name: parameter.default for parameter in pipeline.parameters
    }
    assert all(parameter["isOptional"] and parameter["parameterType"] == "STRING" for parameter in given.values())


def test_no_step_takes_an_old_result(example: Blueprint, versions: Versions) -> None:
    for version in versions(example).values():
        tasks = version["spec"]["pipelineSpec"]["root"]["dag"]["tasks"].values()
        assert all(task["cachingOptions"] == {"enableCache": False} for task in tasks)


def test_the_last_attempt_still_fits_into_the_time_for_retries(fraud: Blueprint, versions: Versions) -> None:
    changed = with_train_step(fraud, timeout=3600, retry=Retry(limit=3, delay=30, factor=2, cap=600))
    policy = versions(changed)["card-fraud-train"]["spec"]["pipelineSpec"]["root"]["dag"]["tasks"]["train"]
    assert policy["retryPolicy"] == {
        "maxRetryCount": 3,
        "backoffDuration": "30s",
        "backoffFactor": 2,
        "backoffMaxDuration": f"{4 * 3600 + 30 + 60 + 120}s",
    }


def test_a_step_that_is_tried_once_has_no_retry_policy(fraud: Blueprint, versions: Versions) -> None:
    changed = with_train_step(fraud, retry=Retry(limit=0, delay=30, factor=2, cap=600))
    assert (
        "retryPolicy"
        not in versions(changed)["card-fraud-train"]["spec"]["pipelineSpec"]["root"]["dag"]["tasks"]["train"]
    )


def test_a_gpu_is_an_accelerator_and_every_quantity_is_text(fraud: Blueprint, versions: Versions) -> None:
    changed = with_train_step(fraud, resources=Resources("4", "16Gi", 2, "nvidia.com/gpu"))
    executors = versions(changed)["card-fraud-train"]["spec"]["pipelineSpec"]["deploymentSpec"]["executors"]
    assert executors["exec-train"]["container"]["resources"] == {
        "resourceCpuRequest": "4",
        "resourceMemoryRequest": "16Gi",
        "resourceMemoryLimit": "16Gi",
        "accelerator": {"resourceType": "nvidia.com/gpu", "resourceCount": "2"},
    }
    assert "accelerator" not in executors["exec-split"]["container"]["resources"]
