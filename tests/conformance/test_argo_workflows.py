"""What is rendered for Argo Workflows, read by those who will read it: the API server's schemas, hera, the linter."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from blueprints import blueprints
from environments import ENVIRONMENTS, rendered

from mlopsctl.engines.argo_workflows import target

UNITS = [
    ("payments", "prod", "card-fraud"),
    ("payments", "prod", "merchants"),
    ("quickstart", "local", "quickstart"),
    ("demand-forecast", "prod", "demand-forecast"),
    ("diabetes", "local", "diabetes"),
]
ROOT = Path(__file__).resolve().parents[2]
COMMITTED = sorted((ROOT / "generated").glob("*/*/*/argo-workflows"))


@pytest.fixture(params=UNITS, ids=lambda unit: unit[2])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Write what one example system renders."""
    example, environment, system = request.param
    for file in target.render(blueprints(example, environment)[system]):
        path = tmp_path / "tree" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.content, encoding="utf-8")
    return tmp_path / "tree"


def documents(tree: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(tree.rglob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


def lint(program: Path, tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, tree], capture_output=True, text=True, check=False)


def test_every_object_fits_the_released_schemas_and_every_pod_is_restricted(tree: Path, oracles: Path) -> None:
    command = [sys.executable, oracles / "check_manifests.py", tree, "--pods", "restricted"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.oracle
@pytest.mark.skipif(importlib.util.find_spec("hera") is None, reason="hera is not installed: run `make test`")
def test_hera_reads_every_object_without_an_unknown_field_and_writes_the_same(tree: Path) -> None:
    from hera.workflows import models

    kinds = {
        "WorkflowTemplate": models.WorkflowTemplate,
        "CronWorkflow": models.CronWorkflow,
        "Workflow": models.Workflow,
    }
    read = 0
    for document in documents(tree):
        if model := kinds.get(document["kind"]):
            parsed = model.model_validate(document, extra="forbid", by_alias=True, by_name=False)
            assert parsed.model_dump(mode="json", by_alias=True, exclude_unset=True) == document
            read += 1
    assert read >= 3


def test_the_linter_resolves_every_reference(tree: Path, argo_lint: Path) -> None:
    linted = lint(argo_lint, tree)
    assert linted.returncode == 0, linted.stdout
    assert "no linting errors found" in linted.stdout


@pytest.mark.parametrize("folder", COMMITTED, ids=lambda folder: folder.parent.name)
def test_the_linter_finds_nothing_in_the_committed_trees(folder: Path, argo_lint: Path) -> None:
    linted = lint(argo_lint, folder)
    assert linted.returncode == 0, linted.stdout
    assert "no linting errors found" in linted.stdout


def test_every_environment_that_runs_on_argo_has_committed_workflows() -> None:
    chosen = {
        environment
        for environment in ENVIRONMENTS
        if rendered(*environment).shared.engines.pipelines.name == "argo-workflows"
    }
    folders = {folder.relative_to(ROOT / "generated").parts[:2] for folder in COMMITTED}
    assert folders - {("diabetes", "local")} == chosen


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("depends: split.Succeeded", "depends: spilt.Succeeded", "invalid dependency spilt"),
        ("outputs.artifacts.verdict", "outputs.artifacts.verdicts", "failed to resolve"),
        ("activeDeadlineSeconds", "activeDeadlineSecond", "unknown field"),
        ('- "0 3 * * 1"', '- "0 3 * * 7"', "above maximum"),
    ],
)
def test_the_linter_would_have_seen_a_mistake(
    tmp_path: Path, argo_lint: Path, right: str, wrong: str, complaint: str
) -> None:
    files = {str(file.path): file.content for file in target.render(blueprints("payments", "prod")["card-fraud"])}
    text = files["manifests/train.yaml"]
    assert right in text
    (tmp_path / "train.yaml").write_text(text.replace(right, wrong), encoding="utf-8")

    linted = lint(argo_lint, tmp_path)
    assert linted.returncode != 0
    assert complaint in linted.stdout + linted.stderr


def test_no_object_breaks_a_rule_that_the_api_server_holds_between_fields(tree: Path) -> None:
    kinds = {"container", "script", "dag", "steps", "resource", "suspend", "containerSet", "data", "http", "plugin"}
    templates = [template for document in documents(tree) for template in document.get("spec", {}).get("templates", ())]
    assert templates
    for template in templates:
        assert len(kinds & template.keys()) == 1
        if "dag" in template:
            assert not {"timeout", "activeDeadlineSeconds", "retryStrategy"} & template.keys()
            for task in template["dag"]["tasks"]:
                assert not {"dependencies", "continueOn"} & task.keys()
                assert not task["name"][0].isdigit()
        metrics = template.get("metrics", {}).get("prometheus", [])
        assert all(metric["help"] for metric in metrics)
        assert len(metrics) <= 100


def test_every_object_is_small_enough_to_be_applied(tree: Path) -> None:
    for path in tree.rglob("*.yaml"):
        assert path.stat().st_size < 1_000_000, path


def test_the_controller_s_library_dates_the_end_of_a_run(tree: Path, argo_value: Path) -> None:
    """The oracle is the library that the controller resolves a metric's value with, and the clock."""
    templates = [document for document in documents(tree) if document["kind"] == "WorkflowTemplate"]
    values = {template["spec"]["metrics"]["prometheus"][1]["gauge"]["value"] for template in templates}
    before = int(time.time())
    resolved = subprocess.run([argo_value, *values], capture_output=True, text=True, check=True).stdout.split()

    assert len(resolved) == 1
    assert before <= float(resolved[0]) <= time.time()
