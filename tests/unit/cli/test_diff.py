"""`mlopsctl diff` in a repository: against a ref, a project's folder and a rendered tree."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from projects import spec

from mlopsctl.manifest_diff.views.schema import diff_schema

SYSTEM = "systems/card-fraud/mlops.yaml"
CHANGE = spec(("ttl: 2h", "ttl: 3h"))


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *named, *arguments], cwd=folder, capture_output=True, check=True)


@pytest.fixture
def repository(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commit the project."""
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    (project / ".git").rmdir()
    git(project, "init", "--quiet", "--initial-branch", "main")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "-m", "One")
    return project


def test_an_untouched_tree_has_no_differences(repository: Path, run: Any) -> None:
    ran = run("diff", "--exit-code")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("no differences: the working tree against HEAD (")


def test_an_edit_is_shown_by_object_and_nothing_is_written(repository: Path, run: Any) -> None:
    (repository / SYSTEM).write_text(CHANGE)
    ran = run("diff")
    assert ran.code == 0
    assert "ttl" in ran.out
    assert "ConfigMap card-fraud-blueprint" in ran.out
    assert not (repository / "generated").exists()
    assert run("diff", "--exit-code").code == 3
    assert run("diff", "--exit-code", "--stat").code == 3


def test_the_committed_output_does_not_count(repository: Path, run: Any) -> None:
    run("render")
    for file in (repository / "generated").rglob("*.yaml"):
        file.write_text("edited: true\n")
    assert run("diff").out.startswith("no differences")


def test_json_keeps_to_its_schema_and_one_environment_can_be_asked_for(repository: Path, run: Any) -> None:
    (repository / SYSTEM).write_text(CHANGE)
    document = json.loads(run("diff", "--env", "prod", "-o", "json").out)
    Draft202012Validator(diff_schema()).validate(document)
    assert {entry["environment"] for entry in document["entries"]} == {"prod"}
    both = json.loads(run("diff", "-o", "json").out)
    assert {entry["environment"] for entry in both["entries"]} == {"dev", "prod"}


def test_markdown_has_the_numbers_first(repository: Path, run: Any) -> None:
    (repository / SYSTEM).write_text(CHANGE)
    assert run("diff", "-o", "markdown").out.startswith("**")


def test_an_older_ref_a_project_and_a_rendered_tree_can_be_compared_with(repository: Path, run: Any) -> None:
    run("render")
    shutil.copytree(repository / "generated" / "acme", repository / "old-tree")
    shutil.copytree(repository / "systems" / "card-fraud", repository / "old-project")
    (repository / SYSTEM).write_text(CHANGE)
    git(repository, "commit", "--quiet", "--all", "-m", "Two")
    assert run("diff").out.startswith("no differences")
    by_ref = json.loads(run("diff", "--against", "HEAD~1", "-o", "json").out)
    by_tree = json.loads(run("diff", "--against", "old-tree", "-o", "json").out)
    assert by_ref["entries"] == by_tree["entries"] != []
    assert (by_tree["old"], by_ref["old"][:8]) == ("the tree in old-tree", "HEAD~1 (")
    assert run("diff", "--against", "old-project", "--stat").out.count("added") > 3


def test_a_folder_that_is_a_ref_as_well_has_to_be_said_more_clearly(repository: Path, run: Any) -> None:
    git(repository, "branch", "systems")
    ran = run("diff", "--against", "systems")
    assert ran.code == 2
    assert "use `./systems` or `refs/heads/systems`" in ran.err
    assert run("diff", "--against", "refs/heads/systems").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--against", "nowhere"], "`nowhere` is not a commit, branch or tag"),
        (["--against", "-x"], "`-x` is not a commit"),
        (["--env", "prd"], "did you mean `prod`?"),
        (["--context", "x"], "need --live"),
        (["--live", "--against", "HEAD"], "--against compares files"),
        (["--live"], "choose it with --env"),
        (["-o", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], said: str, repository: Path, run: Any) -> None:
    ran = run("diff", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_an_error_here_ends_the_comparison(repository: Path, run: Any) -> None:
    (repository / SYSTEM).write_text(spec(("ttl: 2h", "ttl: 1m")))
    ran = run("diff")
    assert (ran.code, ran.out) == (1, "")
    assert "MLC302" in ran.err


def test_an_error_there_is_one_warning_and_what_is_here_counts_as_new(repository: Path, run: Any) -> None:
    (repository / SYSTEM).write_text(spec(("ttl: 2h", "ttl: 1m")))
    git(repository, "commit", "--quiet", "--all", "-m", "Broken")
    (repository / SYSTEM).write_text(spec())
    ran = run("diff", "--against", "HEAD")
    assert ran.code == 0
    assert ran.err.count("MLC") == 2
    assert "warning[MLC960]: HEAD (" in ran.err
    assert f"cannot be rendered completely: MLC302 in `{SYSTEM}`" in ran.err
    assert "+ prod/card-fraud ConfigMap card-fraud-blueprint" in ran.out


def test_one_system_of_a_workspace_can_be_compared_alone(repository: Path, run: Any) -> None:
    other = repository / "systems" / "other" / "mlops.yaml"
    other.parent.mkdir()
    other.write_text(spec(("name: card-fraud", "name: other")))
    ran = run("diff", "systems/card-fraud/mlops.yaml", "--stat")
    assert "/other/" not in ran.out
