"""A write makes the tree what was rendered, and touches nothing else."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from mlopsctl.diagnostics.model import Severity
from mlopsctl.tree.fileset import FileSet
from mlopsctl.tree.plan import EnvironmentTree
from mlopsctl.tree.write import write

from .build import codes, contents, environment, environments, render, states

FRAUD = {"feast/features.py": "x = 1\n", "argo/train.yaml": "kind: A\n"}
RISK = {"feast/features.py": "y = 1\n"}


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "generated" / "payments"


def test_a_first_render_writes_every_file(root: Path) -> None:
    report = render(root, prod={"fraud": FRAUD, "risk": RISK}, dev={"fraud": FRAUD})
    assert contents(root) == {
        "prod/fraud/feast/features.py": "x = 1\n",
        "prod/fraud/argo/train.yaml": "kind: A\n",
        "prod/risk/feast/features.py": "y = 1\n",
        "dev/fraud/feast/features.py": "x = 1\n",
        "dev/fraud/argo/train.yaml": "kind: A\n",
    }
    assert [(u.environment, u.system, u.verdict, len(u.added)) for u in report.units] == [
        ("dev", "fraud", "written", 2),
        ("prod", "fraud", "written", 2),
        ("prod", "risk", "written", 1),
    ]
    assert report.diagnostics == ()
    assert listing(root) == ["dev", "prod"]


def test_a_durable_write_gives_the_same_tree(root: Path) -> None:
    assert write(root, environments(prod={"fraud": FRAUD})).ok
    many = {f"f{i}": "x" for i in range(100)}
    assert write(root, environments(prod={"fraud": many})).ok
    assert len(contents(root)) == 100


def test_rendering_twice_touches_nothing(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK})
    before = states(root)
    report = render(root, prod={"fraud": FRAUD, "risk": RISK})
    assert states(root) == before
    assert report.changed == ()
    assert [u.verdict for u in report.units] == ["unchanged", "unchanged"]


def test_only_the_changed_unit_is_swapped(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK})
    before = states(root)
    files = {"feast/features.py": "x = 2\n", "kfp/pipeline.yaml": "k"}
    report = render(root, prod={"fraud": files, "risk": RISK})
    after = states(root)
    assert contents(root / "prod" / "fraud") == files
    assert {p: s for p, s in after.items() if "risk" in p} == {p: s for p, s in before.items() if "risk" in p}
    (change,) = report.changed
    assert (change.added, change.changed, change.removed) == (
        ("kfp/pipeline.yaml",),
        ("feast/features.py",),
        ("argo/train.yaml",),
    )
    assert change.edited == ()


def test_a_unit_that_no_longer_belongs_is_pruned(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK})
    report = render(root, prod={"fraud": FRAUD})
    assert listing(root / "prod") == [".mlopsctl.json", "fraud"]
    (change,) = report.changed
    assert (change.system, change.verdict, change.removed) == ("risk", "pruned", ("feast/features.py",))


def test_an_environment_that_no_longer_belongs_is_pruned(root: Path) -> None:
    render(root, prod={"fraud": FRAUD}, dev={"fraud": FRAUD})
    render(root, prod={"fraud": FRAUD})
    assert listing(root) == ["prod"]
    render(root)
    assert listing(root) == []


def test_a_partial_write_leaves_environments_that_it_does_not_name(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK}, dev={"fraud": FRAUD})
    report = render(root, partial=True, prod={"risk": {"a": "b"}})
    assert [(u.system, u.verdict) for u in report.units] == [("fraud", "pruned"), ("risk", "written")]
    assert set(contents(root)) == {
        "dev/fraud/feast/features.py",
        "dev/fraud/argo/train.yaml",
        "prod/risk/a",
    }


def test_an_incomplete_environment_keeps_the_units_that_it_does_not_name(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK}, dev={"fraud": FRAUD})
    some = replace(environment({"risk": {"a": "b"}}), complete=False)
    report = write(root, {"prod": some}, partial=True, durable=False)
    assert [u.system for u in report.units] == ["risk"]
    assert report.foreign == ()
    assert set(contents(root)) == {
        "dev/fraud/feast/features.py",
        "dev/fraud/argo/train.yaml",
        "prod/fraud/feast/features.py",
        "prod/fraud/argo/train.yaml",
        "prod/risk/a",
    }
    index = json.loads((root / "prod" / ".mlopsctl.json").read_text())
    assert sorted(index["units"]) == ["fraud", "risk"]
    assert render(root, prod={"fraud": FRAUD, "risk": {"a": "b"}}, dev={"fraud": FRAUD}).changed == ()


def test_modes_do_not_depend_on_the_umask(root: Path) -> None:
    old = os.umask(0o077)
    try:
        render(root, prod={"fraud": FRAUD})
        os.umask(0)
        render(root, prod={"fraud": {"feast/features.py": "2", "new/file": ""}})
    finally:
        os.umask(old)
    for path in [root, *root.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


def test_the_bytes_do_not_depend_on_any_order(tmp_path: Path) -> None:
    units = {"fraud": FRAUD, "risk": RISK, "a": {"z/y/x": "1", "b": "\u00e9"}}
    backwards = {name: dict(reversed(files.items())) for name, files in reversed(units.items())}
    render(tmp_path / "one", prod=units, dev=units)
    render(tmp_path / "two", dev=backwards, prod=backwards)
    first, two = tmp_path / "one", tmp_path / "two"
    assert contents(first) == contents(two)
    for name in ("prod", "dev"):
        assert (first / name / ".mlopsctl.json").read_bytes() == (two / name / ".mlopsctl.json").read_bytes()


def test_a_file_may_become_a_folder_and_back(root: Path) -> None:
    render(root, prod={"fraud": {"a": "file"}})
    render(root, prod={"fraud": {"a/b": "inside"}})
    assert contents(root) == {"prod/fraud/a/b": "inside"}
    render(root, prod={"fraud": {"a": "file"}})
    assert contents(root) == {"prod/fraud/a": "file"}


def test_an_environment_without_units_has_an_index(root: Path) -> None:
    render(root, prod={})
    assert json.loads((root / "prod" / ".mlopsctl.json").read_text())["units"] == {}


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "/etc", "a\\b", ".mlopsctl-stage-1-0", "CON", "a\nb"])
def test_a_name_that_is_no_folder_is_a_bug(root: Path, name: str) -> None:
    with pytest.raises(ValueError, match="'"):
        write(root, {name: EnvironmentTree({})})
    with pytest.raises(ValueError, match="'"):
        write(root, {"prod": EnvironmentTree({name: FileSet()})})


# Foreign files


def test_a_foreign_file_inside_a_unit_is_kept_and_named(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    note = root / "prod/fraud/feast/notes/deep/todo.txt"
    note.parent.mkdir(parents=True)
    note.write_text("mine")
    note.chmod(0o751)
    inode = note.stat().st_ino
    report = render(root, prod={"fraud": {"other": "x"}})
    assert contents(root) == {"prod/fraud/feast/notes/deep/todo.txt": "mine", "prod/fraud/other": "x"}
    assert (note.stat().st_ino, stat.S_IMODE(note.stat().st_mode)) == (inode, 0o751)
    assert codes(report) == ["MLC903"]
    assert report.diagnostics[0].severity is Severity.WARNING
    assert report.units[0].foreign == ("feast/notes/",)


def test_a_pruned_unit_leaves_foreign_files_behind(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK})
    (root / "prod/risk/mine.txt").write_text("mine")
    report = render(root, prod={"fraud": FRAUD})
    assert contents(root / "prod" / "risk") == {"mine.txt": "mine"}
    assert report.changed[0].verdict == "pruned"
    again = render(root, prod={"fraud": FRAUD})
    assert again.changed == ()
    assert again.foreign == ("prod/risk/",)


def test_neighbours_are_left_alone(root: Path) -> None:
    for path in ("README.md", "manual/x/y", "prod/other/z", "prod/notes.txt", "prod/.gitkeep"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("mine")
    before = contents(root)
    report = render(root, prod={"fraud": FRAUD})
    assert report.foreign == ("manual/", "prod/.gitkeep", "prod/notes.txt", "prod/other/")
    assert {d.severity for d in report.diagnostics} == {Severity.WARNING}
    render(root)
    assert contents(root) == before


@pytest.mark.parametrize(
    ("foreign", "name"),
    [
        ("prod", "x"),
        ("prod/fraud", "x"),
        ("prod/fraud/a", "a/b"),
        ("prod/fraud/a/b/c", "a"),
        ("prod/fraud/a/b", "a"),
    ],
)
def test_a_foreign_file_in_the_way_stops_the_write(root: Path, foreign: str, name: str) -> None:
    (root / foreign).parent.mkdir(parents=True)
    (root / foreign).write_text("mine")
    report = write(root, environments(prod={"fraud": {name: "x"}}, dev={"fraud": FRAUD}))
    assert "MLC905" in codes(report)
    assert not report.ok
    assert contents(root) == {foreign: "mine"}


def test_an_existing_file_at_a_rendered_path_is_replaced(root: Path) -> None:
    (root / "prod/fraud").mkdir(parents=True)
    (root / "prod/fraud/a").write_text("old")
    report = render(root, prod={"fraud": {"a": "new"}})
    assert contents(root) == {"prod/fraud/a": "new"}
    assert (report.units[0].changed, report.units[0].edited) == (("a",), ())


@pytest.mark.parametrize("name", [b"new\nline", b"\xff\xfe", "\u202etxt".encode(), b"esc\x1b[31m"])
def test_any_name_on_disk_is_shown_as_printable_text(root: Path, name: bytes) -> None:
    render(root, prod={"fraud": FRAUD})
    odd = root / "prod/fraud" / os.fsdecode(name)
    odd.write_text("mine")
    report = render(root, prod={"fraud": RISK})
    assert odd.exists()
    text = report.diagnostics[0].message + report.units[0].foreign[0]
    assert text.isascii()
    assert text.isprintable()


# Hand edits


def test_a_hand_edit_is_told_and_overwritten(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK})
    (root / "prod/fraud/argo/train.yaml").write_text("edited")
    (root / "prod/risk/feast/features.py").unlink()
    report = render(root, prod={"fraud": FRAUD, "risk": RISK})
    assert [(u.system, u.edited) for u in report.changed] == [
        ("fraud", ("argo/train.yaml",)),
        ("risk", ("feast/features.py",)),
    ]
    assert contents(root / "prod" / "fraud") == FRAUD
    assert contents(root / "prod" / "risk") == RISK


def test_an_edit_that_keeps_size_and_time_is_found(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    path = root / "prod/fraud/argo/train.yaml"
    before = path.stat()
    path.write_text("kind: B\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert render(root, prod={"fraud": FRAUD}).changed[0].edited == ("argo/train.yaml",)


def test_a_deleted_unit_comes_back(root: Path) -> None:
    render(root, prod={"fraud": {"a": "1"}})
    (root / "prod/fraud/a").unlink()
    (root / "prod/fraud").rmdir()
    render(root, prod={"fraud": {"a": "1"}})
    assert contents(root) == {"prod/fraud/a": "1"}


# The index


def test_the_index_names_version_inputs_and_every_file(root: Path) -> None:
    render(root, prod={"fraud": {"a": ""}})
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert json.loads((root / "prod/.mlopsctl.json").read_text()) == {
        "format": 1,
        "inputs": {"mlops.yaml": "1"},
        "units": {"fraud": {"a": empty}},
        "version": "0.1.0",
    }


def test_another_version_alone_rewrites_nothing(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    before = states(root)
    assert write(root, {"prod": environment({"fraud": FRAUD}, version="0.2.0")}).ok
    assert states(root) == before


def test_other_inputs_rewrite_the_index_alone(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    before = states(root / "prod" / "fraud")
    assert write(root, {"prod": environment({"fraud": FRAUD}, inputs="2", version="0.2.0")}).changed == ()
    index = json.loads((root / "prod/.mlopsctl.json").read_text())
    assert (index["inputs"], index["version"]) == ({"mlops.yaml": "2"}, "0.2.0")
    assert states(root / "prod" / "fraud") == before


def test_a_broken_index_is_written_anew_and_nothing_is_deleted(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK})
    (root / "prod/.mlopsctl.json").write_text("<<<<<<< HEAD\n")
    report = render(root, prod={"fraud": {"feast/features.py": "x = 2\n"}})
    assert codes(report)[0] == "MLC912"
    assert contents(root) == {
        "prod/fraud/feast/features.py": "x = 2\n",
        "prod/fraud/argo/train.yaml": "kind: A\n",
        "prod/risk/feast/features.py": "y = 1\n",
    }
    assert "MLC912" not in codes(render(root, prod={"fraud": {"feast/features.py": "x = 2\n"}}))


# The root


def test_folders_between_the_repository_and_the_output_are_made(tmp_path: Path) -> None:
    report = write(tmp_path / "a/b/c", environments(prod={"fraud": {"x": ""}}), within=tmp_path)
    assert report.ok
    assert contents(tmp_path) == {"a/b/c/prod/fraud/x": ""}


def test_an_output_outside_of_its_boundary_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="subpath"):
        write(tmp_path / "out", {}, within=tmp_path / "repository")
    with pytest.raises(ValueError, match="resolved"):
        write(tmp_path / "repository/../out", {}, within=tmp_path / "repository")


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    report = write(tmp_path / "out", environments(prod={"fraud": FRAUD}))
    assert codes(report) == ["MLC905"]
    assert (tmp_path / "out").read_text() == "mine"


def test_a_missing_repository_is_named(tmp_path: Path) -> None:
    report = write(tmp_path / "gone/out", environments(prod={"fraud": FRAUD}), within=tmp_path / "gone")
    assert codes(report) == ["MLC911"]
    assert "No such file" in report.diagnostics[0].message
    assert not (tmp_path / "gone").exists()
