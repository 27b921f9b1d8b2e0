"""Polyaxonfiles: the graph, what goes from step to step, and what a step may use."""

from __future__ import annotations

import re
from typing import Any

import on_engines
import pytest
import yaml
from msgspec.structs import replace
from unit.emit.hostile_text import KNOWN

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pods import EnvironmentVariable
from mlopsctl.emit.yaml import dumps
from mlopsctl.engines.polyaxon import target
from mlopsctl.engines.polyaxon.polyaxonfile import component

PLACEHOLDER = re.compile(r"\{\{ ([a-z_.]+) \}\}")


def on_polyaxon(name: str, environment: str, system: str, **settings: Any) -> Blueprint:
    return on_engines.example("polyaxon", "2.18", name, environment, system, **settings)


@pytest.fixture
def fraud() -> Blueprint:
    """Give the richest system of the examples."""
    return on_polyaxon("payments", "prod", "card-fraud")


def files(blueprint: Blueprint) -> dict[str, Any]:
    """Read every Polyaxonfile back, by its path."""
    contents = {str(file.path): file.content for file in target.render(blueprint)}
    return {path: yaml.safe_load(text) for path, text in contents.items() if not path.startswith("manifests/")}


def operations(blueprint: Blueprint, pipeline: str = "card-fraud-train") -> dict[str, Any]:
    whole = files(blueprint)[f"components/{pipeline}.yaml"]
    return {operation["name"]: operation for operation in whole["run"]["operations"]}


def test_every_step_is_an_operation_that_waits_for_what_it_needs(fraud: Blueprint) -> None:
    for pipeline in fraud.pipelines:
        by_name = operations(fraud, pipeline.name)
        assert list(by_name) == [step.name for step in pipeline.steps]
        assert [tuple(operation.get("dependencies", ())) for operation in by_name.values()] == [
            operation.needs for operation in pipeline.steps
        ]


@pytest.mark.parametrize("which", on_engines.EXAMPLES, ids=lambda unit: f"{unit[2]}-{unit[1]}")
def test_every_template_names_an_input_of_its_own_operation(which: tuple[str, str, str]) -> None:
    blueprint = on_polyaxon(*which)
    for pipeline in blueprint.pipelines:
        for operation in operations(blueprint, pipeline.name).values():
            declared = {each["name"] for each in operation["component"].get("inputs", ())}
            assert declared == set(operation.get("params", {}))
            used = set(PLACEHOLDER.findall(yaml.safe_dump(operation["component"]["run"]))) - {
                "globals.run_outputs_path"
            }
            assert used <= declared
            assert {parameter["ref"] for parameter in operation.get("params", {}).values()} <= {
                "dag",
                *(f"ops.{name}" for name in operation.get("dependencies", ())),
            }


def test_a_file_is_fetched_from_the_outputs_of_its_step_to_where_the_command_looks(fraud: Blueprint) -> None:
    register = operations(fraud)["register"]
    (init,) = register["component"]["run"]["init"]
    assert init["path"] == "/workspace/in"
    assert ["{{ outputs_of_train }}/model", "train/model"] in init["paths"]
    assert ["{{ outputs_of_train }}/parameters/run-id", "train/parameters/run-id"] in init["paths"]
    assert register["params"]["outputs_of_train"] == {"ref": "ops.train", "value": "artifacts.outputs"}
    words = register["component"]["run"]["container"]["args"]
    assert "model=/workspace/in/train/model" in words
    assert words[words.index("run-id=/workspace/in/train/parameters/run-id") - 1] == "--read"
    left = operations(fraud)["train"]["component"]["run"]["container"]["args"]
    assert "run-id={{ globals.run_outputs_path }}/parameters/run-id" in left


def test_two_inputs_of_one_name_from_two_steps_do_not_meet(fraud: Blueprint) -> None:
    for pipeline in fraud.pipelines:
        for operation in operations(fraud, pipeline.name).values():
            for init in operation["component"]["run"].get("init", ()):
                there = [path[1] for path in init["paths"]]
                assert len(set(there)) == len(there)


def test_a_step_keeps_its_retries_time_and_resources_and_a_refusal_is_not_tried_again(fraud: Blueprint) -> None:
    step = next(step for pipeline in fraud.pipelines for step in pipeline.steps if step.name == "train")
    train = operations(fraud)["train"]
    assert train["termination"]["timeout"] == step.timeout
    assert train["termination"]["maxRetries"] == step.retry.limit
    assert train["termination"]["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"] == [3]
    container = train["component"]["run"]["container"]
    assert container["resources"]["requests"]["cpu"] == step.resources.cpu
    assert container["resources"]["limits"] == {"memory": step.resources.memory}


def test_a_step_sees_the_blueprint_and_the_feature_project_and_may_write_nowhere_else(fraud: Blueprint) -> None:
    run = operations(fraud)["train"]["component"]["run"]
    maps = {volume["configMap"]["name"] for volume in run["volumes"] if "configMap" in volume}
    assert maps == {"card-fraud-blueprint", *fraud.feature_maps}
    writable = [
        volume_mount["mountPath"]
        for volume_mount in run["container"]["volumeMounts"]
        if not volume_mount.get("readOnly")
    ]
    assert writable == ["/workspace", "/tmp"]
    assert run["container"]["securityContext"]["readOnlyRootFilesystem"] is True
    assert run["environment"]["securityContext"]["runAsUser"] == 65532


def test_a_feature_project_in_several_parts_is_one_folder(fraud: Blueprint) -> None:
    run = operations(replace(fraud, feature_maps=("a", "b")))["train"]["component"]["run"]
    (shown,) = (volume for volume in run["volumes"] if volume["name"] == "features")
    assert [source["configMap"]["name"] for source in shown["projected"]["sources"]] == ["a", "b"]


def test_a_secret_is_named_and_never_written(fraud: Blueprint) -> None:
    (pipeline,) = (pipeline for pipeline in fraud.pipelines if pipeline.purpose == "train")
    secret = EnvironmentVariable("TOKEN", None, "registry", "token")
    step = replace(pipeline.steps[0], environment=(secret,))
    changed = replace(fraud, pipelines=(replace(pipeline, steps=(step, *pipeline.steps[1:])),))
    env = operations(changed)[step.name]["component"]["run"]["container"]["env"]
    assert env[-1] == {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "registry", "key": "token"}}}


def test_a_schedule_starts_the_component_beside_it_one_run_at_a_time(fraud: Blueprint) -> None:
    contents = files(fraud)
    train = contents["schedules/card-fraud-train.yaml"]
    (pipeline,) = (pipeline for pipeline in fraud.pipelines if pipeline.purpose == "train")
    assert train["schedule"] == {"kind": "cron", "cron": pipeline.schedules[0].cron, "dependsOnPast": True}
    assert train["pathRef"] == "../components/card-fraud-train.yaml"
    starts = [path for path in contents if path.startswith("schedules/")]
    assert len(starts) == sum(len(pipeline.schedules) for pipeline in fraud.pipelines)
    assert contents["schedules/card-fraud-materialize.yaml"]["params"]["views"]["value"]


def test_a_step_that_shifts_traffic_is_an_account_with_that_right_alone(fraud: Blueprint) -> None:
    rollout = next(pipeline for pipeline in fraud.pipelines if pipeline.purpose == "rollout")
    for operation in operations(fraud, rollout.name).values():
        account = operation["component"]["run"]["environment"]["serviceAccountName"]
        assert account == "card-fraud-shift-traffic"
    access = next(file for file in target.render(fraud) if str(file.path) == "manifests/access.yaml")
    kinds = {document["kind"]: document for document in yaml.safe_load_all(access.content)}
    assert kinds["Role"]["rules"][0]["verbs"] == ["get", "patch"]
    assert kinds["ServiceAccount"]["metadata"]["name"] == "card-fraud-shift-traffic"


def test_where_no_step_has_a_right_no_account_is_rendered() -> None:
    rendered = target.render(on_polyaxon("quickstart", "local", "quickstart"))
    assert "manifests/access.yaml" not in {str(file.path) for file in rendered}


def test_a_queue_is_named_where_the_workspace_has_one(fraud: Blueprint) -> None:
    engine = replace(fraud.engines.pipelines, settings={"queue": "gpu"})
    contents = files(replace(fraud, engines=replace(fraud.engines, pipelines=engine)))
    assert {document["queue"] for document in contents.values()} == {"gpu"}


def test_a_system_without_pipelines_renders_nothing(fraud: Blueprint) -> None:
    assert not list(target.render(replace(fraud, pipelines=())))


def test_two_renders_are_the_same_bytes(fraud: Blueprint) -> None:
    assert [file.content for file in target.render(fraud)] == [file.content for file in target.render(fraud)]


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)


TEXTS = [text for text in KNOWN if text and "\0" not in text]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_reaches_its_own_place_and_no_other(fraud: Blueprint, text: str) -> None:
    def described(word: str) -> Any:
        blueprint = on_engines.said(fraud, word)
        return yaml.safe_load(dumps(component(blueprint, blueprint.pipelines[0])))

    plain, hostile = described("word"), described(text)
    assert shape(plain) == shape(hostile)
    assert hostile["description"] == text
    assert {input_["value"] for input_ in hostile["inputs"]} == {text}
    assert hostile["run"]["operations"][0]["component"]["run"]["container"]["args"][-1] == f"note={text}"
