"""The traps of a WorkflowTemplate, one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import GATE_REJECTED_CODE, Resources, Retry
from mlopsctl.catalogue import own_metrics

Objects = dict[tuple[str, str], dict[str, Any]]


def leaves(blueprint: Blueprint, objects: Callable[[Blueprint], Objects]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (name, template["name"]): template
        for (kind, name), document in objects(blueprint).items()
        if kind == "WorkflowTemplate"
        for template in document["spec"]["templates"]
        if "container" in template
    }


def test_retries_and_timeouts_stand_on_containers_and_never_on_the_graph(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    for (kind, _), document in objects(example).items():
        if kind == "WorkflowTemplate":
            assert "templateDefaults" not in document["spec"]
            assert document["spec"]["templates"][0].keys() == {"name", "dag"}
    for leaf in leaves(example, objects).values():
        assert leaf["retryStrategy"]["retryPolicy"] == "Always"
        assert leaf["timeout"].endswith("s") and leaf["timeout"][:-1].isdigit()


def test_a_step_that_refused_is_not_tried_again(fraud: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    gate = leaves(fraud, objects)["card-fraud-train", "gate"]
    assert gate["retryStrategy"]["expression"] == f"asInt(lastRetry.exitCode) != {GATE_REJECTED_CODE}"


def test_a_step_without_retries_has_no_strategy(fraud: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    train = fraud.pipelines[1]
    steps = tuple(replace(step, retry=Retry(0, 30, 2, 600)) for step in train.steps)
    once = replace(fraud, pipelines=(replace(train, steps=steps),))
    assert "retryStrategy" not in leaves(once, objects)["card-fraud-train", "gate"]


def test_a_template_has_no_time_to_live_since_a_kept_run_would_inherit_it(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    for (kind, _), document in objects(example).items():
        if kind == "WorkflowTemplate":
            assert "ttlStrategy" not in document["spec"]


def test_every_output_parameter_has_a_default(example: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    for leaf in leaves(example, objects).values():
        for parameter in leaf.get("outputs", {}).get("parameters", []):
            assert parameter["valueFrom"].keys() == {"path", "default"}


def test_every_container_is_restricted_and_starts_one_program(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    for leaf in leaves(example, objects).values():
        container = leaf["container"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert container["command"] == ["mlopsctl"]
        assert container["args"][0] == "step"
        assert container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"]


def test_a_gpu_is_asked_for_and_limited(fraud: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    pipeline = fraud.pipelines[1]
    resources = Resources("4", "16Gi", gpu_count=2, gpu_resource="amd.com/gpu")
    steps = tuple(replace(step, resources=resources) for step in pipeline.steps)
    leaf = leaves(replace(fraud, pipelines=(replace(pipeline, steps=steps),)), objects)["card-fraud-train", "train"]
    assert leaf["container"]["resources"] == {
        "requests": {"cpu": "4", "memory": "16Gi", "amd.com/gpu": "2"},
        "limits": {"memory": "16Gi", "amd.com/gpu": "2"},
    }


def test_secrets_are_only_referred_to(fraud: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    environment = leaves(fraud, objects)["card-fraud-train", "materialize"]["container"]["env"]
    password = next(variable for variable in environment if variable["name"] == "FEAST_ONLINE_PASSWORD")
    assert password["valueFrom"] == {"secretKeyRef": {"name": "feast-redis", "key": "password"}}


def test_a_gauge_is_exported_once_a_step_succeeded_and_said_something(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    gauges = leaves(fraud, objects)["card-fraud-monitor", "monitor"]["metrics"]["prometheus"]
    (quality,) = [gauge for gauge in gauges if gauge["name"] == "mlops_quality_score"]
    assert quality["gauge"] == {"realtime": False, "value": "{{outputs.parameters.quality}}"}
    assert quality["when"] == "{{status}} == Succeeded && '{{outputs.parameters.quality}}' != 'NaN'"
    assert {"key": "metric", "value": "average_precision"} in quality["labels"]


def test_finished_runs_are_counted_and_dated_by_status(
    example: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    # The copy of a template that a run brings along counts for its pipeline, too.
    pipelines = {pipeline.on_change.name: pipeline.name for pipeline in example.pipelines if pipeline.on_change}
    for (kind, name), document in objects(example).items():
        if kind == "WorkflowTemplate":
            runs, ended = document["spec"]["metrics"]["prometheus"]
            labels = {label["key"]: label["value"] for label in runs["labels"]}
            assert (runs["name"], ended["name"]) == (own_metrics.RUNS, own_metrics.RUN_ENDED)
            assert (labels["pipeline"], labels["status"]) == (pipelines.get(name, name), "{{workflow.status}}")
            assert ended["labels"] == runs["labels"]
            assert ended["gauge"] == {"realtime": False, "value": "{{=now().Unix()}}"}


def test_the_exit_handler_says_how_the_run_ended(fraud: Blueprint, objects: Callable[[Blueprint], Objects]) -> None:
    args = leaves(fraud, objects)["card-fraud-train", "on-exit"]["container"]["args"]
    assert args[:2] == ["step", "finish"]
    assert args[-1] == "status={{workflow.status}}"


def test_one_run_of_a_pipeline_at_a_time_and_none_for_ever(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    spec = objects(fraud)["WorkflowTemplate", "card-fraud-train"]["spec"]
    assert spec["synchronization"] == {"mutexes": [{"name": "card-fraud-train"}]}
    assert spec["activeDeadlineSeconds"] == fraud.pipelines[1].deadline > 0


def test_the_features_are_mounted_only_where_the_system_has_some(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    spec = objects(replace(fraud, features=None))["WorkflowTemplate", "card-fraud-train"]["spec"]
    assert [volume["name"] for volume in spec["volumes"]] == ["blueprint", "work", "tmp"]
    mounts = spec["templates"][1]["container"]["volumeMounts"]
    assert [mount["name"] for mount in mounts] == ["blueprint", "work", "tmp"]


def test_the_blueprint_reaches_containers_where_their_command_says(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    from mlopsctl.blueprint import codec

    manifests = objects(fraud)
    assert codec.loads(manifests["ConfigMap", "card-fraud-blueprint"]["data"]["blueprint.json"]) == fraud
    container = leaves(fraud, objects)["card-fraud-train", "train"]["container"]
    mount = next(volume_mount for volume_mount in container["volumeMounts"] if volume_mount["name"] == "blueprint")
    assert container["args"][3] == f"{mount['mountPath']}/blueprint.json"
