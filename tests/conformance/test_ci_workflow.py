"""The project's own workflow holds to what it asks of the workflows of others."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mlopsctl.cli.group import VERBS

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / program), *arguments, str(WORKFLOW)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_auditor_finds_nothing_in_the_workflow() -> None:
    done = run("zizmor", "--offline", "--no-progress", "--persona", "auditor")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_the_workflow_fits_its_schema(schema: str) -> None:
    done = run("check-jsonschema", "--builtin-schema", schema)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_runs_only_commands_that_a_contributor_can_run() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    called = re.findall(r"run: make ([a-z-]+)$", WORKFLOW.read_text(), re.MULTILINE)
    assert called
    assert set(called) <= targets
    assert "run: bash .ci/run" in WORKFLOW.read_text()
    assert "make check" in (ROOT / ".ci" / "run").read_text()


def test_actionlint_finds_nothing_in_the_workflow(actionlint: Path) -> None:
    call = [str(actionlint), "-shellcheck=", "-pyflakes=", str(WORKFLOW)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_example_is_checked_with_the_action_that_others_use() -> None:
    job = yaml.safe_load(WORKFLOW.read_text())["jobs"]["examples"]
    examples = sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir())
    assert job["strategy"]["matrix"]["example"] == examples
    used = [step for step in job["steps"] if step["uses"] == "./"]
    assert [step["with"]["command"].split()[0] for step in used] == ["validate", "render", "plan"]
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    assert all(set(step["with"]) <= set(inputs) for step in used)
    assert {step["with"]["command"].split()[0] for step in used} <= set(VERBS)
