"""Files outside of the output folder: ours are known by their first line, and nobody else's is ever touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mlopsctl.tree.fileset import FileSet
from mlopsctl.tree.repository import Outcome, compare, sealed, write

from .build import fileset

SOURCE = "ml/workspace.yaml"
PLACES = (".github/workflows/mlopsctl-*.yml", "pipelines.yml")
FLOW = ".github/workflows/mlopsctl-pay.yml"
FILES = fileset({FLOW: "name: pay\n"})


def put(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def states(outcome: Outcome) -> dict[str, str]:
    return dict(outcome.states)


def codes(outcome: Outcome) -> list[str]:
    return [diagnostic.code for diagnostic in outcome.diagnostics]


def test_what_is_missing_is_written_and_then_unchanged(tmp_path: Path) -> None:
    assert states(compare(tmp_path, FILES, SOURCE, PLACES)) == {FLOW: "missing"}
    assert list(tmp_path.iterdir()) == []
    done = write(tmp_path, FILES, SOURCE, PLACES)
    assert done.ok
    assert not done.clean
    file = tmp_path / FLOW
    assert file.read_text() == sealed("name: pay\n", SOURCE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    before = file.stat()
    assert write(tmp_path, FILES, SOURCE, PLACES).clean
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_first_line_names_the_workspace_file_and_hides_nothing() -> None:
    text = sealed("name: pay\n", "ml\nx: y/workspace.yaml")
    assert text.splitlines()[0].startswith("# Rendered by mlopsctl from ml\\nx: y/workspace.yaml: ")
    assert text.splitlines()[1:] == ["name: pay"]


def test_stale_and_edited_files_are_told_apart_and_both_are_written_anew(tmp_path: Path) -> None:
    write(tmp_path, fileset({FLOW: "name: old\n"}), SOURCE, PLACES)
    assert states(compare(tmp_path, FILES, SOURCE, PLACES)) == {FLOW: "stale"}
    file = tmp_path / FLOW
    file.write_text(file.read_text() + "on: push\n")
    assert states(compare(tmp_path, FILES, SOURCE, PLACES)) == {FLOW: "edited by hand"}
    assert write(tmp_path, FILES, SOURCE, PLACES).ok
    assert compare(tmp_path, FILES, SOURCE, PLACES).clean


@pytest.mark.parametrize(
    "text",
    [
        "name: mine\n",
        "",
        "name: x\n" + sealed("name: pay\n", SOURCE),
        sealed("name: pay\n", "eu/workspace.yaml"),
        sealed("name: pay\n", SOURCE).replace("sha256:", "sha1:"),
        "\ufeff" + sealed("name: pay\n", SOURCE),
    ],
)
def test_a_file_that_this_workspace_did_not_render_is_never_overwritten(tmp_path: Path, text: str) -> None:
    file = put(tmp_path, FLOW, text)
    for act in (compare, write):
        outcome = act(tmp_path, FILES, SOURCE, PLACES)
        assert codes(outcome) == ["MLC955"]
        assert states(outcome) == {FLOW: "not rendered"}
        assert not outcome.ok
        assert file.read_text() == text


def test_one_that_cannot_be_written_keeps_all_from_being_written(tmp_path: Path) -> None:
    put(tmp_path, "pipelines.yml", "image: mine\n")
    both = fileset({FLOW: "name: pay\n", "pipelines.yml": "image: x\n"})
    assert codes(write(tmp_path, both, SOURCE, PLACES)) == ["MLC955"]
    assert not (tmp_path / FLOW).exists()


def test_what_nothing_asks_for_any_more_is_told_and_left(tmp_path: Path) -> None:
    write(tmp_path, fileset({FLOW: "name: pay\n", "pipelines.yml": "image: x\n"}), SOURCE, PLACES)
    put(tmp_path, ".github/workflows/mlopsctl-eu.yml", sealed("name: eu\n", "eu/workspace.yaml"))
    put(tmp_path, ".github/workflows/mlopsctl-mine.yml", "name: mine\n")
    outcome = write(tmp_path, fileset({"pipelines.yml": "image: x\n"}), SOURCE, PLACES)
    assert states(outcome) == {"pipelines.yml": "unchanged", FLOW: "left over"}
    assert codes(outcome) == ["MLC956"]
    assert outcome.diagnostics[0].help == f"delete it: git rm {FLOW}"
    assert outcome.ok
    assert not outcome.clean
    assert (tmp_path / FLOW).is_file()


@pytest.mark.parametrize("link", [".github", ".github/workflows", FLOW])
def test_no_link_is_followed(tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    target = outside / "target"
    outside.mkdir()
    target.write_text(sealed("old", SOURCE)) if link == FLOW else target.mkdir()
    root = tmp_path / "root"
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(target)
    before = sorted(outside.rglob("*"))
    assert codes(write(root, FILES, SOURCE, PLACES)) == ["MLC901"]
    assert sorted(outside.rglob("*")) == before
    # A repository that asks for nothing may hold what links it likes.
    assert compare(root, FileSet(), SOURCE, PLACES).clean


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / FLOW).mkdir(parents=True)
    assert not write(tmp_path, FILES, SOURCE, PLACES).ok
    (tmp_path / FLOW).rmdir()
    os.mkfifo(tmp_path / FLOW)
    assert codes(write(tmp_path, FILES, SOURCE, PLACES)) == ["MLC955"]
    put(tmp_path, "pipelines.yml/x", "")
    assert compare(tmp_path, FileSet(), SOURCE, PLACES).clean


def test_the_draft_of_a_killed_run_does_not_stand_in_the_way(tmp_path: Path) -> None:
    draft = put(tmp_path, ".github/workflows/.mlopsctl.draft", "half")
    assert write(tmp_path, FILES, SOURCE, PLACES).ok
    assert not draft.exists()


def test_a_folder_without_rights_is_a_finding(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        folder = tmp_path / ".github" / "workflows"
        folder.parent.mkdir()
        folder.write_text("a file where the folder must be")
        assert codes(write(tmp_path, FILES, SOURCE, PLACES)) == ["MLC905"]
        return
    (tmp_path / ".github").mkdir(mode=0o500)
    assert codes(write(tmp_path, FILES, SOURCE, PLACES)) == ["MLC909"]
