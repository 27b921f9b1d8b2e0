"""Nothing follows a link, and nothing outside of the output folder is read, written or deleted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mlopsctl.tree.compare import compare
from mlopsctl.tree.write import write

from .build import check, codes, contents, environments, render, states

FRAUD = {"feast/defs/features.py": "x = 1\n", "argo/train.yaml": "kind: A\n"}
OTHER = {"feast/defs/features.py": "x = 2\n"}


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that must never change, with the same names in it as the output has."""
    for path in ("canary/defs/features.py", "canary/features.py", "canary/fraud/argo/train.yaml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("canary")
    return tmp_path / "canary"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "generated"


def file_link(root: Path, outside: Path) -> None:
    (root / "prod/fraud/argo/train.yaml").unlink()
    (root / "prod/fraud/argo/train.yaml").symlink_to(outside / "features.py")


def folder_link(root: Path, outside: Path) -> None:
    (root / "prod/fraud/feast").rename(root.parent / "moved")
    (root / "prod/fraud/feast").symlink_to(outside)


def foreign_link(root: Path, outside: Path) -> None:
    (root / "prod/fraud/extra").symlink_to(outside)


def deep_foreign_link(root: Path, outside: Path) -> None:
    (root / "prod/fraud/mine/deep").mkdir(parents=True)
    (root / "prod/fraud/mine/deep/link").symlink_to(outside / "features.py")


def dangling_link(root: Path, outside: Path) -> None:
    (root / "prod/fraud/dangling").symlink_to(outside / "created-through-the-link")


def looping_link(root: Path, outside: Path) -> None:
    (root / "prod/fraud/loop").symlink_to("loop")


def relative_link(root: Path, outside: Path) -> None:
    (root / "prod/fraud/up").symlink_to("..")


def unit_link(root: Path, outside: Path) -> None:
    (root / "prod/fraud").rename(root.parent / "moved")
    (root / "prod/fraud").symlink_to(outside / "fraud")


def environment_link(root: Path, outside: Path) -> None:
    (root / "prod").rename(root.parent / "moved")
    (root / "prod").symlink_to(outside)


def other_environment_link(root: Path, outside: Path) -> None:
    (root / "dev").symlink_to(outside)


def index_link(root: Path, outside: Path) -> None:
    (root / "prod/.mlopsctl.json").rename(outside / "index")
    (root / "prod/.mlopsctl.json").symlink_to(outside / "index")


def root_link(root: Path, outside: Path) -> None:
    root.rename(root.parent / "moved")
    root.symlink_to(outside)


LINKS = [
    file_link,
    folder_link,
    foreign_link,
    deep_foreign_link,
    dangling_link,
    looping_link,
    relative_link,
    unit_link,
    environment_link,
    other_environment_link,
    index_link,
    root_link,
]


@pytest.mark.parametrize("plant", LINKS)
def test_a_link_is_refused_and_never_followed(root: Path, outside: Path, plant: Callable[[Path, Path], None]) -> None:
    render(root, prod={"fraud": FRAUD})
    plant(root, outside)
    before, inside = states(outside), states(root)
    for units in ({"fraud": FRAUD}, {"fraud": OTHER}, {}):
        report = write(root, environments(prod=units))
        assert "MLC901" in codes(report)
        assert not report.ok
        assert not compare(root, environments(prod=units)).clean
    assert states(outside) == before
    assert states(root) == inside


def test_a_link_between_repository_and_output_is_refused(tmp_path: Path, outside: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "generated").symlink_to(outside)
    before = states(outside)
    report = write(repository / "generated/payments", environments(prod={"fraud": FRAUD}), within=repository)
    assert codes(report) == ["MLC901"]
    assert states(outside) == before


def test_a_link_above_the_repository_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    repository = tmp_path / "link"
    assert write(repository / "generated", environments(prod={"fraud": FRAUD}), within=repository).ok
    assert contents(tmp_path / "real/generated/prod/fraud") == FRAUD


def test_a_hard_link_to_a_rendered_file_keeps_its_content(root: Path, outside: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    (outside / "features.py").unlink()
    os.link(root / "prod/fraud/feast/defs/features.py", outside / "features.py")
    render(root, prod={"fraud": OTHER})
    assert (outside / "features.py").read_text() == "x = 1\n"
    assert (root / "prod/fraud/feast/defs/features.py").read_text() == "x = 2\n"
    (root / "prod/fraud/feast/defs/features.py").unlink()
    os.link(outside / "features.py", root / "prod/fraud/feast/defs/features.py")
    render(root, prod={"fraud": {"other": ""}})
    assert (outside / "features.py").read_text() == "x = 1\n"


@pytest.mark.parametrize("place", ["prod/fraud/pipe", "prod/fraud/argo/train.yaml"])
def test_a_pipe_is_refused_without_waiting_for_it(root: Path, place: str) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / place).unlink(missing_ok=True)
    os.mkfifo(root / place)
    report = write(root, environments(prod={"fraud": OTHER}))
    assert codes(report) == ["MLC902"]
    assert "MLC902" in codes(check(root, prod={"fraud": FRAUD}))


def test_a_pipe_in_place_of_the_index_is_not_waited_for(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / "prod/.mlopsctl.json").unlink()
    os.mkfifo(root / "prod/.mlopsctl.json")
    assert codes(render(root, prod={"fraud": FRAUD})) == ["MLC912"]
    assert check(root, prod={"fraud": FRAUD}).clean


def test_very_deep_folders_are_refused_without_a_crash(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    path = root / "prod/fraud"
    for _ in range(400):
        path /= "d"
    path.mkdir(parents=True)
    report = write(root, environments(prod={"fraud": OTHER}))
    assert codes(report) == ["MLC914"]
    assert path.is_dir()


def test_a_link_in_a_folder_that_is_never_looked_into_does_no_harm(root: Path, outside: Path) -> None:
    (root / "manual").mkdir(parents=True)
    (root / "manual/link").symlink_to(outside)
    before = states(outside)
    render(root, prod={"fraud": FRAUD})
    assert (root / "manual/link").is_symlink()
    assert states(outside) == before
