"""What starts a pipeline, and how long its run is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Schedule
from mlopsctl.engines.argo_workflows import target

Objects = dict[tuple[str, str], dict[str, Any]]


def test_a_schedule_only_refers_to_its_template_and_removes_its_runs(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    spec = objects(fraud)["CronWorkflow", "card-fraud-train"]["spec"]
    assert spec == {
        "schedules": ["0 3 * * 1"],
        "timezone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 3600,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
        "workflowSpec": {
            "workflowTemplateRef": {"name": "card-fraud-train"},
            "ttlStrategy": {"secondsAfterSuccess": 86400, "secondsAfterFailure": 604800},
        },
    }


def test_a_schedule_hands_on_the_arguments_that_differ(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    spec = objects(fraud)["CronWorkflow", "card-fraud-materialize"]["spec"]["workflowSpec"]
    assert spec["arguments"]["parameters"] == [{"name": "views", "value": "card_activity"}]


def test_a_missed_start_is_not_made_up_for_after_the_next_one(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    often = Schedule("card-fraud-train", "*/5 * * * *", "Etc/UTC", (), 300)
    pipeline = replace(fraud.pipelines[1], schedules=(often,))
    manifests = objects(replace(fraud, pipelines=(pipeline,)))
    assert manifests["CronWorkflow", "card-fraud-train"]["spec"]["startingDeadlineSeconds"] == 300


def test_the_run_of_a_content_lives_for_ever_and_apart_from_the_manifests(fraud: Blueprint) -> None:
    runs = {pipeline.on_change.name for pipeline in fraud.pipelines if pipeline.on_change}
    paths = {str(path) for path in target.render(fraud).paths if path.startswith("runs/")}
    assert paths == {f"runs/{name}.yaml" for name in runs} and len(runs) == 2


def test_a_run_wins_over_every_default_of_a_time_to_live_and_troubles_no_health(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    train = fraud.pipelines[1]
    assert train.on_change
    run = objects(fraud)["Workflow", train.on_change.name]
    assert run["spec"] == {"workflowTemplateRef": {"name": train.on_change.name}, "ttlStrategy": {}}
    assert run["metadata"]["annotations"]["argocd.argoproj.io/ignore-healthcheck"] == "true"


def test_a_run_brings_its_template_along_and_waits_for_it(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    manifests = objects(fraud)
    files = {str(file.path): file for file in target.render(fraud)}
    for pipeline in fraud.pipelines:
        if not pipeline.on_change:
            continue
        name = pipeline.on_change.name
        assert [kind for _, kind in files[f"runs/{name}.yaml"].objects] == ["WorkflowTemplate", "Workflow"]
        copy, run = manifests["WorkflowTemplate", name], manifests["Workflow", name]
        assert copy["spec"] == manifests["WorkflowTemplate", pipeline.name]["spec"]
        assert "argocd.argoproj.io/sync-wave" not in copy["metadata"]["annotations"]
        assert run["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "1"


def test_a_system_without_pipelines_renders_nothing(fraud: Blueprint) -> None:
    assert len(target.render(replace(fraud, pipelines=()))) == 0


def test_two_rollouts_share_a_file(fraud: Blueprint) -> None:
    rollout = fraud.pipelines[-1]
    other = replace(rollout, name="card-fraud-other-rollout", on_change=None)
    files = target.render(replace(fraud, pipelines=(*fraud.pipelines, other)))
    text = next(file.content for file in files if file.path == "manifests/rollout.yaml")
    assert text.count("kind: WorkflowTemplate") == 2
