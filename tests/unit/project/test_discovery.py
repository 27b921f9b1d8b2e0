"""Which workspace a spec belongs to, with git and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import SPEC, WORKSPACE

from mlopsctl.project.discovery import load


@pytest.mark.parametrize("git", [True, False])
@pytest.mark.parametrize("named", ["folder", "spec", "upwards"])
def test_a_spec_is_read_with_the_workspace_above_that_lists_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, git: bool, named: str
) -> None:
    home = tmp_path / "acme" / "systems" / "card-fraud"
    home.mkdir(parents=True)
    (home / "mlops.yaml").write_text(SPEC)
    (tmp_path / "acme" / "workspace.yaml").write_text(WORKSPACE)
    if git:
        (tmp_path / "acme" / ".git").mkdir()
    monkeypatch.chdir(home if named == "upwards" else tmp_path)
    path = {"folder": str(home), "spec": str(home / "mlops.yaml"), "upwards": None}[named]
    project = load(path)
    assert (project.root, project.home) == (tmp_path / "acme", tmp_path / "acme")
    assert project.focus == "systems/card-fraud/mlops.yaml"
    assert project.documents.workspace and project.documents.workspace.file == "workspace.yaml"


@pytest.mark.parametrize("git", [True, False])
def test_a_workspace_that_does_not_list_a_spec_and_one_beyond_the_repository_are_not_its_own(
    tmp_path: Path, git: bool
) -> None:
    home = tmp_path / "other" / "card-fraud"
    home.mkdir(parents=True)
    (home / "mlops.yaml").write_text(SPEC)
    (tmp_path / "workspace.yaml").write_text(WORKSPACE.replace("systems/*", "other/*" if git else "systems/*"))
    if git:
        (home / ".git").mkdir()
    project = load(str(home))
    assert (project.root, project.documents.workspace) == (home, None)
