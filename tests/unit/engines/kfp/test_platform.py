"""What Kubernetes must know: mounts, secrets, the user, labels, time limits; each where the version knows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from blueprints import blueprints
from msgspec.structs import replace
from on_kfp import on_kfp

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pods import EnvironmentVariable

Versions = Callable[[Blueprint], dict[str, dict[str, Any]]]


def kubernetes(version: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = version["spec"]["platformSpec"]["platforms"]["kubernetes"]
    return part


def executors(version: dict[str, Any]) -> dict[str, Any]:
    executors: dict[str, Any] = kubernetes(version)["deploymentSpec"]["executors"]
    return executors


def test_a_step_reads_two_config_maps_and_writes_only_where_there_is_room(fraud: Blueprint, versions: Versions) -> None:
    step = executors(versions(fraud)["card-fraud-train"])["exec-train"]
    assert step["configMapAsVolume"] == [
        {"configMapName": "card-fraud-blueprint", "mountPath": "/etc/mlopsctl/blueprint"},
        {"configMapName": "payments-features", "mountPath": "/etc/mlopsctl/features"},
    ]
    assert step["emptyDirMounts"] == [
        {"volumeName": "work", "mountPath": "/workspace"},
        {"volumeName": "tmp", "mountPath": "/tmp"},
    ]


def test_a_system_without_features_mounts_no_feature_project(fraud: Blueprint, versions: Versions) -> None:
    step = executors(versions(replace(fraud, features=None))["card-fraud-train"])["exec-train"]
    assert [volume["configMapName"] for volume in step["configMapAsVolume"]] == ["card-fraud-blueprint"]


def test_secrets_are_named_and_their_variables_stay_out_of_the_container(fraud: Blueprint, versions: Versions) -> None:
    variables = (
        EnvironmentVariable("MLFLOW_TRACKING_URI", "http://mlflow:5000"),
        EnvironmentVariable("MLFLOW_TRACKING_USERNAME", None, "mlflow", "username"),
        EnvironmentVariable("REDIS", None, "redis", "url"),
        EnvironmentVariable("MLFLOW_TRACKING_PASSWORD", None, "mlflow", "password"),
    )
    pipelines = tuple(
        replace(pipeline, steps=tuple(replace(step, environment=variables) for step in pipeline.steps))
        for pipeline in fraud.pipelines
    )
    version = versions(replace(fraud, pipelines=pipelines))["card-fraud-train"]
    assert executors(version)["exec-gate"]["secretAsEnv"] == [
        {
            "secretName": "mlflow",
            "keyToEnv": [
                {"secretKey": "username", "envVar": "MLFLOW_TRACKING_USERNAME"},
                {"secretKey": "password", "envVar": "MLFLOW_TRACKING_PASSWORD"},
            ],
        },
        {"secretName": "redis", "keyToEnv": [{"secretKey": "url", "envVar": "REDIS"}]},
    ]
    container = version["spec"]["pipelineSpec"]["deploymentSpec"]["executors"]["exec-gate"]["container"]
    assert container["env"] == [
        {"name": "HOME", "value": "/tmp"},
        {"name": "MLFLOW_TRACKING_URI", "value": "http://mlflow:5000"},
    ]


def test_a_step_has_its_timeout_as_text_and_a_run_the_sum(fraud: Blueprint, versions: Versions) -> None:
    for pipeline in fraud.pipelines:
        version = versions(fraud)[pipeline.name]
        by_name = executors(version)
        assert {step.name: by_name[f"exec-{step.name}"]["activeDeadlineSeconds"] for step in pipeline.steps} == {
            step.name: str(step.timeout) for step in pipeline.steps
        }
        assert kubernetes(version)["pipelineConfig"] == {"activeDeadlineSeconds": pipeline.deadline}


@pytest.mark.parametrize(
    ("version", "user", "deadline"), [("2.14", False, False), ("2.16", True, False), ("2.17", True, True)]
)
def test_a_server_is_told_only_what_its_version_knows(
    fraud: Blueprint, versions: Versions, version: str, user: bool, deadline: bool
) -> None:
    pipeline_version = versions(on_kfp(fraud, version))["card-fraud-train"]
    assert ("pipelineConfig" in kubernetes(pipeline_version)) is deadline
    assert all(("securityContext" in step) is user for step in executors(pipeline_version).values())


def test_no_step_is_root_and_every_pod_says_whose_it_is(example: Blueprint, versions: Versions) -> None:
    for version in versions(example).values():
        for step in executors(version).values():
            assert step["securityContext"] == {"runAsUser": "65532", "runAsGroup": "65532", "runAsNonRoot": True}
            labels = step["podMetadata"]["labels"]
            assert labels["mlopsctl.dev/system"] == example.identity.system
            assert labels["app.kubernetes.io/component"] == "pipeline"


def test_only_a_step_that_asks_the_api_asks_for_a_token(fraud: Blueprint, versions: Versions) -> None:
    steps = executors(versions(fraud)["card-fraud-monitor"])
    assert steps["exec-request-training"]["podMetadata"]["labels"]["access-ml-pipeline"] == "true"
    assert "access-ml-pipeline" not in steps["exec-monitor"]["podMetadata"]["labels"]


def test_the_push_gateway_is_told_to_steps_that_report_and_to_no_engine_that_exports() -> None:
    def gateways(environment: str) -> dict[str, list[str | None]]:
        steps = [
            step for pipeline in blueprints("payments", environment)["card-fraud"].pipelines for step in pipeline.steps
        ]
        assert any(step.gauges for step in steps)
        return {
            step.name: [variable.value for variable in step.environment if variable.name == "MLOPSCTL_PUSHGATEWAY"]
            for step in steps
            if step.gauges or any(variable.name == "MLOPSCTL_PUSHGATEWAY" for variable in step.environment)
        }

    gateway = ["http://pushgateway.monitoring.svc:9091"]
    assert gateways("dev") == {"materialize": gateway, "monitor": gateway}
    assert gateways("prod") == {"materialize": [], "monitor": []}
