"""`render` writes the workflow that a workspace asks for, where its host reads it, and no other file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from projects import WORKSPACE

PLACE = {"github": ".github/workflows/mlopsctl-acme.yml", "bitbucket": "bitbucket-pipelines.yml"}


def ask(project: Path, engine: str | None) -> None:
    stack = f"  stack: {{ci: {{engine: {engine}}}}}\n" if engine else ""
    text = WORKSPACE.replace("spec:\n", f"spec:\n{stack}", 1)
    (project / "workspace.yaml").write_text(text.replace("git.example.com", f"git.{engine or 'x'}.example.com"))


def temporary_files(project: Path) -> list[str]:
    """Return what lies outside of the output folder and was not there before."""
    known = {"systems", "workspace.yaml", "mlops.lock", "generated", ".git"}
    files = (path for path in project.rglob("*") if path.is_file())
    return sorted(str(file.relative_to(project)) for file in files if file.relative_to(project).parts[0] not in known)


@pytest.mark.parametrize("engine", ["github", "bitbucket"])
def test_the_file_is_written_compared_and_told_when_it_is_left_over(engine: str, project: Path, run: Any) -> None:
    ask(project, engine)
    ran = run("render", "--check")
    assert ran.code == 3
    assert f"missing: {PLACE[engine]}\n" in ran.out
    assert temporary_files(project) == []
    ran = run("render")
    assert ran.code == 0
    assert f"written   {PLACE[engine]}\n" in ran.out
    assert temporary_files(project) == [PLACE[engine]]
    assert run("render", "--check").code == 0
    assert PLACE[engine] not in run("render").out
    file = project / PLACE[engine]
    file.write_text(file.read_text().replace("3.12", "3.13"))
    ran = run("render", "--check")
    assert (ran.code, ran.out) == (3, f"edited by hand: {PLACE[engine]}\n")
    assert run("render").code == 0
    ask(project, None)
    run("render")
    ran = run("render", "--check")
    assert (ran.code, ran.out) == (3, f"left over: {PLACE[engine]}\n")
    assert "MLC956" in ran.err
    file.unlink()
    assert run("render", "--check").code == 0


def test_nothing_is_rendered_when_a_file_of_somebody_is_in_the_way(project: Path, run: Any) -> None:
    ask(project, "bitbucket")
    (project / PLACE["bitbucket"]).write_text("image: mine\n")
    ran = run("render")
    assert ran.code == 1
    assert "MLC955" in ran.err
    assert "help: move its content" in ran.err
    assert not (project / "generated").exists()
    assert (project / PLACE["bitbucket"]).read_text() == "image: mine\n"
    assert run("render", "--check").code == 3


def test_without_stack_ci_nothing_lies_outside_of_the_output_folder(project: Path, run: Any) -> None:
    assert run("render").code == 0
    assert temporary_files(project) == []


def test_a_render_that_goes_elsewhere_leaves_the_workflow_alone(project: Path, run: Any) -> None:
    ask(project, "github")
    assert run("render", "--output-dir", "scratch").code == 0
    assert not (project / ".github").exists()
    assert run("render", "--check", "--output-dir", "scratch").code == 0


def test_one_environment_alone_writes_the_workflow_of_all(project: Path, run: Any) -> None:
    ask(project, "github")
    assert run("render", "--env", "dev").code == 0
    workflow = (project / PLACE["github"]).read_bytes()
    assert run("render").code == 0
    assert (project / PLACE["github"]).read_bytes() == workflow


def test_two_workspaces_of_one_repository_have_a_workflow_each_and_share_no_pipeline(project: Path, run: Any) -> None:
    ask(project, "github")
    assert run("render").code == 0
    other = project / "eu" / "workspace.yaml"
    (other.parent / "systems" / "a").mkdir(parents=True)
    spec = (project / "systems" / "card-fraud" / "mlops.yaml").read_text()
    (other.parent / "systems" / "a" / "mlops.yaml").write_text(spec)
    text = (project / "workspace.yaml").read_text().replace("name: acme", "name: acme-eu")
    other.write_text(text)
    assert run("render", "eu").code == 0, "no lock: warnings alone"
    assert temporary_files(project)[:2] == [".github/workflows/mlopsctl-acme-eu.yml", PLACE["github"]]
    for folder, expected in ((".", 0), ("eu", 1)):
        file = project / folder / "workspace.yaml"
        file.write_text(file.read_text().replace("engine: github", "engine: bitbucket"))
        assert run("render", folder).code == expected
