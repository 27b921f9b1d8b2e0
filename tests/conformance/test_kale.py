"""Notebooks, compiled by the real Kale in an environment of its own; what comes out is looked at, too."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import on_engines
import pytest
from libraries import environment
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.engines.kale import target

PROGRAM = Path(__file__).with_name("kale_ir.py")
DROPPED = ("resourceCpuRequest", "resourceMemoryLimit", "resourceMemoryRequest", "cpuLimit", "memoryLimit")


def with_gpu(blueprint: Blueprint) -> Blueprint:
    """Return a Blueprint whose training asks for a GPU."""
    gpu = {"gpu_count": 1, "gpu_resource": "nvidia.com/gpu"}
    pipelines = tuple(
        replace(
            pipeline,
            steps=tuple(
                replace(step, resources=replace(step.resources, **gpu)) if step.name == "train" else step
                for step in pipeline.steps
            ),
        )
        for pipeline in blueprint.pipelines
    )
    return replace(blueprint, pipelines=pipelines)


def compiled_by(python: Path, work: Path, *notebooks: Path) -> dict[str, Any]:
    """Ask Kale what it makes of notebooks."""
    command = [python, PROGRAM, work, *notebooks]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return document


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Path, Blueprint]:
    trees = {}
    for which in on_engines.EXAMPLES:
        folder = tmp_path_factory.mktemp(f"{which[2]}-{which[1]}")
        trees[folder] = with_gpu(on_engines.example("kale", "2.3", *which))
        on_engines.write(target.render(trees[folder]), folder)
    return trees


@pytest.fixture(scope="module")
def compiled(kale: Path, trees: Mapping[Path, Blueprint], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    paths = [path for tree in trees for path in sorted(tree.glob("notebooks/*.ipynb"))]
    return compiled_by(kale, tmp_path_factory.mktemp("kale"), *paths)


def each(trees: Mapping[Path, Blueprint], compiled: dict[str, Any]) -> list[tuple[Blueprint, Pipeline, dict[str, Any]]]:
    return [
        (blueprint, pipeline, compiled[str(tree / "notebooks" / f"{pipeline.name}.ipynb")])
        for tree, blueprint in trees.items()
        for pipeline in blueprint.pipelines
    ]


def word(name: str) -> str:
    return name.replace("-", "_")


def test_kale_takes_every_notebook(compiled: dict[str, Any]) -> None:
    assert compiled
    assert {path: pipeline["refused"] for path, pipeline in compiled.items() if "refused" in pipeline} == {}


def test_every_step_is_an_executor_with_the_pipelines_image_and_its_edges(
    compiled: dict[str, Any], trees: Mapping[Path, Blueprint]
) -> None:
    for _, pipeline, compiled_pipeline in each(trees, compiled):
        executors = compiled_pipeline["ir"]["deploymentSpec"]["executors"]
        assert {executor["container"]["image"] for executor in executors.values()} == {pipeline.image}
        assert set(executors) == {f"exec-{step.name}-step" for step in pipeline.steps}
        assert compiled_pipeline["edges"] == sorted(
            [word(need), word(step.name)] for step in pipeline.steps for need in step.needs
        )
        assert compiled_pipeline["ir"]["pipelineInfo"]["name"] == pipeline.name


def test_every_file_and_text_reaches_the_step_that_takes_it(
    compiled: dict[str, Any], trees: Mapping[Path, Blueprint]
) -> None:
    for _, pipeline, compiled_pipeline in each(trees, compiled):
        tasks = compiled_pipeline["ir"]["root"]["dag"]["tasks"]
        for step in pipeline.steps:
            handed = set(tasks[f"{step.name}-step"].get("inputs", {}).get("artifacts", {}))
            artifacts = {f"{word(input_.step)}__{word(input_.output)}_input_artifact" for input_ in step.inputs}
            artifacts |= {
                f"{word(parameter.step)}__{word(parameter.output or '')}_input_artifact"
                for parameter in step.parameters
                if parameter.step
            }
            assert artifacts <= handed


def test_parameters_keep_their_defaults(compiled: dict[str, Any], trees: Mapping[Path, Blueprint]) -> None:
    for _, pipeline, compiled_pipeline in each(trees, compiled):
        inputs = compiled_pipeline["ir"]["root"].get("inputDefinitions", {}).get("parameters", {})
        defaults = {word(parameter.name): parameter.default for parameter in pipeline.parameters}
        assert {name: input_["defaultValue"] for name, input_ in inputs.items()} == defaults


def test_labels_users_secrets_and_gpus_are_really_there(
    compiled: dict[str, Any], trees: Mapping[Path, Blueprint]
) -> None:
    for blueprint, pipeline, compiled_pipeline in each(trees, compiled):
        for step in pipeline.steps:
            pod = compiled_pipeline["platform"][f"exec-{step.name}-step"]
            assert pod["podMetadata"]["labels"]["mlopsctl.dev/notebook"] == blueprint.identity.system
            assert pod["securityContext"]["runAsUser"] == "65532"
            secrets = {key["envVar"] for secret in pod.get("secretAsEnv", ()) for key in secret["keyToEnv"]}
            assert secrets == {variable.name for variable in step.environment if variable.secret}
            container = compiled_pipeline["ir"]["deploymentSpec"]["executors"][f"exec-{step.name}-step"]["container"]
            accelerator = container.get("resources", {}).get("accelerator", {}).get("resourceCount")
            assert accelerator == ("1" if step.resources.gpu_count else None)


def test_nothing_of_ours_is_installed_from_an_index(compiled: dict[str, Any]) -> None:
    """Kale installs what it sees imported: a package of our name there could be anybody's."""
    for compiled_pipeline in compiled.values():
        assert "'mlopsctl'" not in compiled_pipeline["code"].partition("packages_to_install=")[2].partition("\n")[0]


def test_kale_still_drops_what_the_rules_say_it_drops(compiled: dict[str, Any]) -> None:
    """A release that keeps one of them makes a finding of ours wrong."""
    for compiled_pipeline in compiled.values():
        text = json.dumps(compiled_pipeline["ir"]) + json.dumps(compiled_pipeline["platform"])
        assert not [word for word in (*DROPPED, "retryPolicy", "activeDeadlineSeconds") if word in text]


def test_kale_would_have_seen_a_mistake(kale: Path, trees: Mapping[Path, Blueprint], tmp_path: Path) -> None:
    text = (next(iter(trees)) / "notebooks" / "card-fraud-train.ipynb").read_text(encoding="utf-8")
    mistakes = {
        "tag": ("prev:split", "prevv:split"),
        "step": ("prev:split", "prev:splitt"),
        "key": ("enable_caching", "enable_cashing"),
        "format": ('"nbformat_minor"', '"nbformat_minorr"'),
    }
    for name, (old, new) in mistakes.items():
        assert old in text
        (tmp_path / f"{name}.ipynb").write_text(text.replace(old, new), encoding="utf-8")

    results = compiled_by(kale, tmp_path, *sorted(tmp_path.glob("*.ipynb")))

    assert {Path(path).stem for path, result in results.items() if "refused" in result} == set(mistakes)
