"""A version of a pipeline is named by its content, because the server lets nobody change one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.engines.kfp import target

Versions = Callable[[Blueprint], dict[str, dict[str, Any]]]
Objects = dict[tuple[str, str], dict[str, Any]]


def test_each_pipeline_has_one_version_that_begins_with_its_name(example: Blueprint, versions: Versions) -> None:
    by_name = versions(example)
    assert by_name.keys() == {pipeline.name for pipeline in example.pipelines}
    for name, version in by_name.items():
        assert re.fullmatch(rf"{name}-[0-9a-f]{{10}}", version["metadata"]["name"])
        assert version["spec"]["displayName"] == version["metadata"]["name"]
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,127}", version["spec"]["pipelineSpec"]["pipelineInfo"]["name"])


def test_what_steps_do_changes_the_name_and_what_others_do_does_not(fraud: Blueprint, versions: Versions) -> None:
    before = {name: version["metadata"]["name"] for name, version in versions(fraud).items()}
    changed = [
        replace(pipeline, steps=tuple(replace(step, timeout=step.timeout + 1) for step in pipeline.steps))
        if pipeline.purpose == "materialize"
        else pipeline
        for pipeline in fraud.pipelines
    ]
    after = {
        name: version["metadata"]["name"]
        for name, version in versions(replace(fraud, pipelines=tuple(changed))).items()
    }
    assert {name for name in before if before[name] != after[name]} == {"card-fraud-materialize"}


def test_what_is_trained_changes_the_name_though_the_graph_stays(fraud: Blueprint, versions: Versions) -> None:
    pipelines = tuple(replace(pipeline, hash="0123456789") for pipeline in fraud.pipelines)
    before, after = versions(fraud), versions(replace(fraud, pipelines=pipelines))
    assert all(before[name]["metadata"]["name"] != after[name]["metadata"]["name"] for name in before)
    graphs = [versions_of["card-fraud-materialize"]["spec"]["pipelineSpec"]["root"] for versions_of in (before, after)]
    assert graphs[0] == graphs[1]


def test_a_version_outlives_its_file_and_its_pipeline_comes_first(fraud: Blueprint, versions: Versions) -> None:
    notes = versions(fraud)["card-fraud-train"]["metadata"]["annotations"]
    assert notes == {
        "argocd.argoproj.io/sync-wave": "1",
        "argocd.argoproj.io/sync-options": "Prune=false",
        "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
    }


def test_the_pipeline_itself_is_applied_before_its_versions(
    fraud: Blueprint, objects: Callable[[Blueprint], Objects]
) -> None:
    pipeline = objects(fraud)["Pipeline", "card-fraud-train"]
    assert "annotations" not in pipeline["metadata"]
    assert pipeline["spec"] == {
        "displayName": "card-fraud-train",
        "description": "train, check and register the model",
    }


def test_the_file_for_an_upload_holds_what_the_version_holds(example: Blueprint, versions: Versions) -> None:
    files = {str(file.path): file.content for file in target.render(example)}
    for name, version in versions(example).items():
        ir, platform = yaml.safe_load_all(files[f"ir/{name}.yaml"])
        assert (ir, platform) == (version["spec"]["pipelineSpec"], version["spec"]["platformSpec"])


def test_the_same_blueprint_gives_the_same_bytes(example: Blueprint) -> None:
    assert target.render(example).digest() == target.render(example).digest()


def test_a_system_without_pipelines_renders_nothing(fraud: Blueprint) -> None:
    assert len(target.render(replace(fraud, pipelines=()))) == 0
