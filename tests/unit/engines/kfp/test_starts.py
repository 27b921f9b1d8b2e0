"""What starts a pipeline: the clock and a change, by names that hold in Git."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from on_kfp import ENDPOINT, on_kfp

from mlopsctl.blueprint.model.blueprint import Blueprint

Objects = dict[tuple[str, str], dict[str, Any]]
Read = Callable[[Blueprint], Objects]
Versions = Callable[[Blueprint], dict[str, dict[str, Any]]]


def pod(job: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = job["spec"]["template"]["spec"]
    return spec


def test_a_schedule_is_a_cron_job_that_asks_for_the_version_in_git(
    fraud: Blueprint, objects: Read, versions: Versions
) -> None:
    job = objects(fraud)["CronJob", "card-fraud-materialize"]
    version = versions(fraud)["card-fraud-materialize"]["metadata"]["name"]
    assert job["spec"]["schedule"] == "*/30 * * * *"
    assert job["spec"]["timeZone"] == "Etc/UTC"
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    assert job["spec"]["startingDeadlineSeconds"] == 1800
    assert pod(job["spec"]["jobTemplate"])["containers"][0]["args"] == [
        *("start-run", "--endpoint", ENDPOINT, "--namespace", "ml-prod", "--experiment", "card-fraud"),
        *("--pipeline", "card-fraud-materialize", "--version", version),
        *("--service-account", "card-fraud-run", "--name", "card-fraud-materialize-scheduled"),
        *("--unless-running", "--set", "views=card_activity"),
    ]


def test_a_change_starts_one_run_named_by_its_hash(fraud: Blueprint, objects: Read, versions: Versions) -> None:
    pipeline = next(pipeline for pipeline in fraud.pipelines if pipeline.purpose == "train")
    assert pipeline.on_change
    job = objects(fraud)["Job", pipeline.on_change.name]
    assert job["metadata"]["annotations"] == {
        "argocd.argoproj.io/hook": "PostSync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation,HookSucceeded",
    }
    assert pod(job)["containers"][0]["args"] == [
        *("start-run", "--endpoint", ENDPOINT, "--namespace", "ml-prod", "--experiment", "card-fraud"),
        *("--pipeline", pipeline.name, "--version", versions(fraud)[pipeline.name]["metadata"]["name"]),
        *("--service-account", "card-fraud-run", "--name", pipeline.on_change.name, "--once"),
    ]


def test_runs_are_counted_under_names_that_begin_with_the_pipelines(example: Blueprint, objects: Read) -> None:
    started = 0
    for (kind, _), job in objects(example).items():
        if kind in {"CronJob", "Job"}:
            words = pod(job["spec"]["jobTemplate"] if kind == "CronJob" else job)["containers"][0]["args"]
            given = dict(zip(words[1::2], words[2::2], strict=False))
            assert given["--name"].startswith(given["--pipeline"] + "-")
            started += 1
    assert started == sum(len(pipeline.schedules) + bool(pipeline.on_change) for pipeline in example.pipelines)


def test_a_start_waits_for_nothing_and_ends_by_itself(fraud: Blueprint, objects: Read) -> None:
    for (kind, _), job in objects(fraud).items():
        if kind in {"CronJob", "Job"}:
            spec = (job["spec"]["jobTemplate"] if kind == "CronJob" else job)["spec"]
            assert spec["activeDeadlineSeconds"] == 900
            assert spec["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] == "false"


def test_a_start_has_a_token_for_the_api_and_for_nothing_else(fraud: Blueprint, objects: Read) -> None:
    spec = pod(objects(fraud)["CronJob", "card-fraud-train"]["spec"]["jobTemplate"])
    assert spec["serviceAccountName"] == "card-fraud-start"
    assert spec["automountServiceAccountToken"] is False
    (source,) = spec["volumes"][1]["projected"]["sources"]
    assert source["serviceAccountToken"]["audience"] == "pipelines.kubeflow.org"
    (path,) = (
        variable["value"]
        for variable in spec["containers"][0]["env"]
        if variable["name"] == "KF_PIPELINES_SA_TOKEN_PATH"
    )
    assert path == "/var/run/secrets/kubeflow/pipelines/token"


def test_training_on_drift_starts_the_version_in_git(fraud: Blueprint, versions: Versions) -> None:
    by_name = versions(fraud)
    executors = by_name["card-fraud-monitor"]["spec"]["pipelineSpec"]["deploymentSpec"]["executors"]
    env = {variable["name"]: variable["value"] for variable in executors["exec-request-training"]["container"]["env"]}
    assert env["MLOPSCTL_START_VERSION"] == by_name["card-fraud-train"]["metadata"]["name"]
    assert env["MLOPSCTL_START_ACCOUNT"] == "card-fraud-run"
    others = {variable["name"] for variable in executors["exec-monitor"]["container"]["env"]}
    assert not {"MLOPSCTL_START_VERSION", "MLOPSCTL_START_ACCOUNT"} & others


def test_a_run_may_do_what_its_steps_ask_for(fraud: Blueprint, objects: Read) -> None:
    manifests = objects(fraud)
    groups = {
        name: {group for rule in role["rules"] for group in rule["apiGroups"]}
        for (kind, name), role in manifests.items()
        if kind == "Role"
    }
    assert groups == {
        "card-fraud-start": {"pipelines.kubeflow.org"},
        "card-fraud-run": {"", "argoproj.io"},
        "card-fraud-run-start-pipeline": {"", "argoproj.io", "pipelines.kubeflow.org"},
        "card-fraud-run-shift-traffic": {"", "argoproj.io", "mlops.seldon.io"},
    }
    rollout = next(pipeline for pipeline in fraud.pipelines if pipeline.purpose == "rollout")
    words = pod(manifests["Job", rollout.on_change.name if rollout.on_change else ""])["containers"][0]["args"]
    assert words[words.index("--service-account") + 1] == "card-fraud-run-shift-traffic"


def test_an_account_that_exists_is_used_and_no_other_is_rendered(fraud: Blueprint, objects: Read) -> None:
    manifests = objects(on_kfp(fraud, serviceAccount="default-editor"))
    assert not [key for key in manifests if key[0] in {"ServiceAccount", "Role", "RoleBinding"}]
    spec = pod(manifests["CronJob", "card-fraud-train"]["spec"]["jobTemplate"])
    words = spec["containers"][0]["args"]
    assert spec["serviceAccountName"] == words[words.index("--service-account") + 1] == "default-editor"
