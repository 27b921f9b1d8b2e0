"""Polyaxonfiles, read by Polyaxon's own reader and compiled to pods as its agent does, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import on_engines
import pytest
import yaml
from libraries import environment

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.engines.polyaxon import target

PROGRAM = Path(__file__).with_name("polyaxon_pods.py")


def read(python: Path, *files: Path) -> dict[str, Any]:
    """Ask Polyaxon what each file holds."""
    command = [python, PROGRAM, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Path, Blueprint]:
    """Write every example."""
    trees = {}
    for which in on_engines.EXAMPLES:
        folder = tmp_path_factory.mktemp(f"{which[2]}-{which[1]}")
        trees[folder] = on_engines.example("polyaxon", "2.18", *which)
        on_engines.write(target.render(trees[folder]), folder)
    return trees


@pytest.fixture(scope="module")
def compiled(polyaxon: Path, trees: Mapping[Path, Blueprint]) -> dict[str, Any]:
    paths = [path for tree in trees for kind in ("components", "schedules") for path in sorted(tree.glob(f"{kind}/*"))]
    return read(polyaxon, *paths)


def each(trees: Mapping[Path, Blueprint]) -> list[tuple[Path, Blueprint, Pipeline]]:
    return [(tree, blueprint, pipeline) for tree, blueprint in trees.items() for pipeline in blueprint.pipelines]


def test_its_reader_takes_every_file(compiled: dict[str, Any]) -> None:
    assert compiled
    assert {path: result["refused"] for path, result in compiled.items() if "refused" in result} == {}


def test_it_sees_the_graph_that_was_meant(compiled: dict[str, Any], trees: Mapping[Path, Blueprint]) -> None:
    for tree, blueprint, pipeline in each(trees):
        operation = compiled[str(tree / "components" / f"{pipeline.name}.yaml")]
        assert operation["namespace"] == blueprint.place.namespace
        assert operation["edges"] == {step.name: sorted(step.needs) for step in pipeline.steps}
        assert len(operation["order"]) == len(pipeline.steps)


def test_a_schedule_runs_the_same_graph_with_its_own_values(
    compiled: dict[str, Any], trees: Mapping[Path, Blueprint]
) -> None:
    for tree, _, pipeline in each(trees):
        for schedule in pipeline.schedules:
            operation = compiled[str(tree / "schedules" / f"{schedule.name}.yaml")]
            assert operation["schedule"]["cron"] == schedule.cron
            assert operation["edges"] == compiled[str(tree / "components" / f"{pipeline.name}.yaml")]["edges"]
            assert {name: param["value"] for name, param in operation["params"].items()} == dict(schedule.arguments)


def test_each_step_becomes_the_pod_that_was_meant(compiled: dict[str, Any], trees: Mapping[Path, Blueprint]) -> None:
    for tree, blueprint, pipeline in each(trees):
        operation = compiled[str(tree / "components" / f"{pipeline.name}.yaml")]
        for step in pipeline.steps:
            pod = operation["steps"][step.name]
            assert pod["image"] == pipeline.image
            assert pod["command"][:3] == ["mlopsctl", "step", step.verb]
            assert "{{" not in " ".join(pod["command"]) + pod["fetched"]
            for output in step.outputs:
                word = f"{output.name}=/plx-context/artifacts/run-{step.name}/outputs/{output.name}"
                assert word in pod["command"]
            for taken in step.inputs:
                there = f"/workspace/in/{taken.step}/{taken.output}"
                assert f"{taken.name}={there}" in pod["command"]
                origin = f"s3://bucket/plx/{taken.step}.outputs/{taken.output}"
                assert f"--path-from={origin} --path-to={there}" in pod["fetched"]
            for parameter in step.parameters:
                if parameter.pipeline:
                    default = next(each.default for each in pipeline.parameters if each.name == parameter.pipeline)
                    assert f"{parameter.name}={default}" in pod["command"]
            assert pod["resources"]["requests"]["memory"] == step.resources.memory
            assert pod["termination"]["backoffLimit"] == step.retry.limit
            assert pod["termination"]["activeDeadlineSeconds"] == step.timeout
            assert pod["restart"] == "Never"
            assert pod["user"] == 65532
            assert {variable.name for variable in step.environment} <= set(pod["env"])
            assert pod["volumes"]["blueprint"] == f"{blueprint.identity.system}-blueprint"


def test_it_would_have_seen_a_mistake(polyaxon: Path, trees: Mapping[Path, Blueprint], tmp_path: Path) -> None:
    text = (next(iter(trees)) / "components" / "card-fraud-train.yaml").read_text(encoding="utf-8")
    mistakes = {
        "retries": ("maxRetries", "maxRetriez"),
        "image": ("image:", "imagee:"),
        "reference": ("ref: ops.split", "ref: ops.splitt"),
        "kind": ("kind: dag", "kind: dagg"),
    }
    for name, (old, new) in mistakes.items():
        assert old in text
        (tmp_path / f"{name}.yaml").write_text(text.replace(old, new), encoding="utf-8")

    results = read(polyaxon, *sorted(tmp_path.iterdir()))

    assert {Path(path).stem for path, result in results.items() if "refused" in result} == set(mistakes)


def test_what_it_lets_pass_is_what_our_own_rules_are_for(
    polyaxon: Path, trees: Mapping[Path, Blueprint], tmp_path: Path
) -> None:
    """Polyaxon takes these without a word; a release that refuses them makes a rule of ours needless."""
    tree = next(iter(trees))
    component = yaml.safe_load((tree / "components" / "card-fraud-train.yaml").read_text(encoding="utf-8"))
    container = component["run"]["operations"][0]["component"]["run"]["container"]
    container["resources"]["requests"]["cpu"] = "2x"
    for name, cron in (("cron", "nonsense 99"), ("template", "{{ evil }}")):
        start = {"kind": "operation", "name": name, "schedule": {"kind": "cron", "cron": cron}, "component": component}
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(start), encoding="utf-8")

    results = read(polyaxon, *sorted(tmp_path.iterdir()))

    assert [result.get("refused") for result in results.values()] == [None, None]
