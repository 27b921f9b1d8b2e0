"""Notebooks: their cells and tags, what goes from cell to cell, and that they are Python that does what it says."""

from __future__ import annotations

import ast
import json
from typing import Any

import on_engines
import pytest
import yaml
from msgspec.structs import replace
from unit.emit.hostile_text import KNOWN

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pods import EnvironmentVariable
from mlopsctl.engines.kale import target
from mlopsctl.engines.kale.cells import cells


def on_kale(name: str, environment: str, system: str, **settings: Any) -> Blueprint:
    return on_engines.example("kale", "2.3", name, environment, system, **settings)


@pytest.fixture
def fraud() -> Blueprint:
    """Give the richest system of the examples."""
    return on_kale("payments", "prod", "card-fraud")


def notebooks(blueprint: Blueprint) -> dict[str, Any]:
    """Read every notebook back, by its pipeline's name."""
    contents = {str(file.path): file.content for file in target.render(blueprint)}
    return {
        path.removeprefix("notebooks/").removesuffix(".ipynb"): json.loads(text)
        for path, text in contents.items()
        if path.endswith(".ipynb")
    }


def tags(blueprint: Blueprint, pipeline: str = "card-fraud-train") -> dict[str, list[str]]:
    return {cell["id"]: cell["metadata"].get("tags", []) for cell in notebooks(blueprint)[pipeline]["cells"]}


def source(blueprint: Blueprint, cell: str, pipeline: str = "card-fraud-train") -> str:
    return next("".join(entry["source"]) for entry in notebooks(blueprint)[pipeline]["cells"] if entry["id"] == cell)


def test_every_step_is_a_cell_that_names_what_it_needs(fraud: Blueprint) -> None:
    for pipeline in fraud.pipelines:
        step_tags = tags(fraud, pipeline.name)
        for step in pipeline.steps:
            word = step.name.replace("-", "_")
            assert step_tags[step.name][0] == f"step:{word}"
            needs = [tag.removeprefix("prev:") for tag in step_tags[step.name] if tag.startswith("prev:")]
            assert needs == [name.replace("-", "_") for name in step.needs]


def test_the_first_cell_says_which_recurring_runs_are_wanted(fraud: Blueprint) -> None:
    (pipeline,) = (pipeline for pipeline in fraud.pipelines if pipeline.purpose == "train")
    assert f"`{pipeline.schedules[0].cron}` in {pipeline.schedules[0].timezone}" in source(fraud, "about")
    assert "with views = " in source(fraud, "about", "card-fraud-materialize")


def test_a_gpu_and_a_secret_are_tags_and_a_plain_variable_is_an_argument(fraud: Blueprint) -> None:
    (pipeline,) = (pipeline for pipeline in fraud.pipelines if pipeline.purpose == "train")
    variables = (EnvironmentVariable("TOKEN", None, "registry", "token"), EnvironmentVariable("PLAIN", "a 'b'"))
    resources = replace(pipeline.steps[0].resources, gpu_count=2, gpu_resource="nvidia.com/gpu")
    step = replace(pipeline.steps[0], environment=variables, resources=resources)
    changed = replace(fraud, pipelines=(replace(pipeline, steps=(step,)),))

    assert tags(changed)[step.name][1:] == ["limit:nvidia.com/gpu:2", "secret:registry:token:TOKEN"]
    assert 'environment={"PLAIN": "a \'b\'"}' in source(changed, step.name)
    assert "TOKEN" not in source(changed, step.name)


def test_a_parameter_is_a_variable_of_the_notebook(fraud: Blueprint) -> None:
    (pipeline,) = (pipeline for pipeline in fraud.pipelines if pipeline.purpose == "train")
    assert tags(fraud)["parameters"] == ["pipeline-parameters"]
    said = {
        node.targets[0].id: ast.literal_eval(node.value)  # type: ignore[attr-defined]
        for node in ast.parse(source(fraud, "parameters")).body
        if isinstance(node, ast.Assign)
    }
    assert said == {parameter.name.replace("-", "_"): parameter.default for parameter in pipeline.parameters}
    assert '"params": params' in source(fraud, "train")


@pytest.mark.parametrize("which", on_engines.EXAMPLES, ids=lambda unit: f"{unit[2]}-{unit[1]}")
def test_every_variable_a_cell_reads_was_made_by_one_before_it(which: tuple[str, str, str]) -> None:
    for notebook in notebooks(on_kale(*which)).values():
        known = {"run_step"}
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            tree = ast.parse("".join(cell["source"]))
            for statement in tree.body:
                names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
                if cell["id"] != "handing":
                    assert {name.id for name in names if isinstance(name.ctx, ast.Load)} <= known
                known |= {name.id for name in names if isinstance(name.ctx, ast.Store)}


def test_nothing_is_carried_on_that_no_later_step_takes(fraud: Blueprint) -> None:
    assert "handed" not in source(fraud, "check-data")
    assert "rows" not in source(fraud, "build-dataset").rpartition("handed = ")[2].partition("outputs=")[2]
    assert 'train__run_id = handed["run-id"]' in source(fraud, "train")


def test_no_text_that_kale_pastes_into_code_is_a_users(fraud: Blueprint) -> None:
    (pipeline,) = (pipeline for pipeline in fraud.pipelines if pipeline.purpose == "train")
    changed = replace(fraud, pipelines=(replace(pipeline, description='it\'s "new"'),))
    metadata = notebooks(changed)["card-fraud-train"]["metadata"]["kubeflow_notebook"]
    assert metadata["pipeline_description"] == ""
    assert metadata["base_image"] == pipeline.image
    assert metadata["experiment_name"] == "card-fraud"


@pytest.mark.parametrize(("settings", "cached"), [({}, False), ({"cache": False}, False), ({"cache": True}, True)])
def test_results_are_cached_where_the_workspace_says_so(settings: dict[str, Any], cached: bool) -> None:
    by_name = notebooks(on_kale("payments", "prod", "card-fraud", **settings))
    assert {notebook["metadata"]["kubeflow_notebook"]["enable_caching"] for notebook in by_name.values()} == {cached}


def test_the_pods_of_a_notebook_are_shown_the_blueprint_and_the_feature_project(fraud: Blueprint) -> None:
    metadata = notebooks(fraud)["card-fraud-train"]["metadata"]["kubeflow_notebook"]
    assert "label:mlopsctl.dev/notebook:card-fraud" in metadata["steps_defaults"]
    text = next(file.content for file in target.render(fraud) if str(file.path) == "manifests/pod-default.yaml")
    spec = yaml.safe_load(text)["spec"]
    assert spec["selector"] == {"matchLabels": {"mlopsctl.dev/notebook": "card-fraud"}}
    maps = {volume["configMap"]["name"] for volume in spec["volumes"] if "configMap" in volume}
    assert maps == {"card-fraud-blueprint", *fraud.feature_maps}
    assert {volume["name"] for volume in spec["volumes"]} == {
        volume_mount["name"] for volume_mount in spec["volumeMounts"]
    }
    assert fraud.paths.features in {volume_mount["mountPath"] for volume_mount in spec["volumeMounts"]}


def test_two_renders_are_the_same_bytes_and_ids_do_not_repeat(fraud: Blueprint) -> None:
    assert [file.content for file in target.render(fraud)] == [file.content for file in target.render(fraud)]
    for notebook in notebooks(fraud).values():
        ids = [cell["id"] for cell in notebook["cells"]]
        assert len(set(ids)) == len(ids)
        assert all(cell["execution_count"] is None for cell in notebook["cells"] if cell["cell_type"] == "code")


def test_a_system_without_pipelines_renders_nothing(fraud: Blueprint) -> None:
    assert not list(target.render(replace(fraud, pipelines=())))


TEXTS = [text for text in KNOWN if text and "\0" not in text]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_users_text_is_a_literal_and_nothing_else(fraud: Blueprint, text: str) -> None:
    said = on_engines.said(fraud, text)
    by_id = {cell["id"]: "".join(cell["source"]) for cell in cells(said, said.pipelines[0])}
    for statement in ast.parse(by_id["parameters"]).body:
        assert isinstance(statement, ast.Assign)
        assert ast.literal_eval(statement.value) == text
    (call,) = ast.parse(by_id[said.pipelines[0].steps[0].name]).body
    words = next(ast.literal_eval(node) for node in ast.walk(call) if isinstance(node, ast.List))
    assert words[-1] == f"note={text}"
