"""A user's text stays text: it changes no structure of what is rendered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import StepParameter

Objects = dict[tuple[str, str], dict[str, Any]]
HOSTILE = ["---\nkind: ClusterRoleBinding", "\n- ", '"}', "a: b # c", "!!python/object:os.system x", "\u2028", "no"]


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)


def said(blueprint: Blueprint, text: str) -> Blueprint:
    pipeline = next(pipeline for pipeline in blueprint.pipelines if pipeline.purpose == "train")
    step = replace(pipeline.steps[0], parameters=(StepParameter("note", value=text),))
    parameters = tuple(replace(parameter, default=text, description=text) for parameter in pipeline.parameters)
    changed = replace(pipeline, description=text, steps=(step, *pipeline.steps[1:]), parameters=parameters)
    return replace(blueprint, pipelines=(changed,))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_reaches_its_own_place_and_no_other(
    fraud: Blueprint, versions: Callable[[Blueprint], dict[str, dict[str, Any]]], text: str
) -> None:
    plain, hostile = versions(said(fraud, "word")), versions(said(fraud, text))
    assert shape(plain) == shape(hostile)
    spec = hostile["card-fraud-train"]["spec"]["pipelineSpec"]
    assert spec["pipelineInfo"]["description"] == text
    assert {parameter["defaultValue"] for parameter in spec["root"]["inputDefinitions"]["parameters"].values()} == {
        text
    }
    assert spec["deploymentSpec"]["executors"]["exec-materialize"]["container"]["args"][-1] == f"note={text}"
