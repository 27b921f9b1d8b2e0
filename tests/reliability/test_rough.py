"""Full disks, missing rights, other writers, leftovers and swapped folders: the old tree stays whole."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hostile import counts

from mlopsctl.diagnostics.model import Severity
from mlopsctl.tree.compare import compare
from mlopsctl.tree.write import Report, write

from .trees import ended, expected_tree, forked, in_memory, on_disk, stages, trees

pytestmark = pytest.mark.reliability

NOBODY = 65534
OLD = trees("old", "prod/fraud", "prod/risk", "test/fraud")
NEW = trees("new", "prod/fraud", "prod/risk", "test/fraud")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    with in_memory(tmp_path) as folder:
        yield folder / "generated"


@pytest.fixture
def mounts(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mount something on a fresh folder; skip where that is not allowed."""
    with ExitStack() as stack:

        def mount(*options: str) -> Path:
            where = tmp_path / f"mount-{len(list(tmp_path.iterdir()))}"
            where.mkdir()
            done = subprocess.run(["mount", *options, str(where)], capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"mounting is not possible here: {done.stderr.strip()}")
            stack.callback(subprocess.run, ["umount", "-l", str(where)], check=True)
            return where

        yield mount


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.diagnostics]


def assert_untouched(root: Path, report: Report, code: str) -> None:
    assert codes(report) == [code]
    assert report.units == ()
    assert on_disk(root) == expected_tree(OLD)
    assert stages(root) == []
    assert compare(root, OLD).clean


# The disk


@pytest.mark.parametrize("options", ["size=256k", "size=8m,nr_inodes=60"], ids=["bytes", "inodes"])
@pytest.mark.parametrize("durable", [True, False])
def test_a_full_disk_leaves_the_old_tree(mounts: Callable[..., Path], options: str, durable: bool) -> None:
    root = mounts("-t", "tmpfs", "-o", options, "tmpfs") / "generated"
    assert write(root, OLD).ok
    report = write(root, trees("new", "prod/fraud", "prod/more", files=80), durable=durable)
    assert_untouched(root, report, "MLC908")
    assert "prod/" in report.diagnostics[0].message
    report = write(root, NEW)
    assert report.ok
    assert on_disk(root) == expected_tree(NEW)


def test_a_read_only_disk_is_named_and_can_still_be_compared(mounts: Callable[..., Path]) -> None:
    disk = mounts("-t", "tmpfs", "tmpfs")
    root = disk / "generated"
    assert write(root, OLD).ok
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert_untouched(root, write(root, NEW), "MLC910")
    assert write(root, OLD).ok
    assert not compare(root, NEW).clean
    assert codes(write(disk / "new", NEW)) == ["MLC910"]


def test_a_layered_disk_that_moves_no_folders_gets_its_files_one_by_one(mounts: Callable[..., Path]) -> None:
    disk = mounts("-t", "tmpfs", "tmpfs")
    for name in ("lower", "upper", "work"):
        (disk / name).mkdir()
    assert write(disk / "lower/generated", OLD).ok
    layers = f"redirect_dir=off,lowerdir={disk}/lower,upperdir={disk}/upper,workdir={disk}/work"
    root = mounts("-t", "overlay", "-o", layers, "overlay") / "generated"
    (root / "prod/fraud/foreign.txt").write_text("mine")
    new = trees("new", "prod/fraud", "live/fraud")
    assert write(root, new).ok
    assert on_disk(root) == expected_tree(new)
    assert (root / "prod/fraud/foreign.txt").read_text() == "mine"
    (root / "prod/fraud/foreign.txt").unlink()
    assert compare(root, new).clean
    assert stages(root) == []
    assert on_disk(disk / "lower/generated") == expected_tree(OLD)


# Rights


def as_nobody(root: Path, work: Callable[[], None]) -> None:
    """Run `work` as a user without privileges who owns the tree."""
    if os.geteuid() != 0:
        work()
        return
    root.parent.chmod(0o755)
    for path in [root, *root.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)

    assert ended(forked(lambda: demoted(work))) == 0


def demoted(work: Callable[[], None]) -> None:
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    work()


@pytest.mark.parametrize("place", [".", "prod/fraud", "test", "test/fraud"])
def test_a_folder_without_the_right_to_write_leaves_the_old_tree(root: Path, place: str) -> None:
    """For `test` some units are already swapped when the refusal comes; they are swapped back."""
    assert write(root, OLD).ok
    (root / place).chmod(0o555)

    def work() -> None:
        assert_untouched(root, write(root, NEW), "MLC909")

    try:
        as_nobody(root, work)
    finally:
        (root / place).chmod(0o755)


def test_a_file_without_the_right_to_read_is_named(root: Path) -> None:
    assert write(root, OLD).ok
    (root / "prod/fraud/target-0/file-0.yaml").chmod(0)

    def work() -> None:
        report = write(root, NEW)
        assert codes(report) == ["MLC909"]
        assert "prod/fraud" in report.diagnostics[0].message
        assert not compare(root, OLD).clean

    as_nobody(root, work)


def test_a_refused_new_environment_leaves_no_empty_folder(root: Path) -> None:
    assert write(root, OLD).ok
    (root / "test").chmod(0o555)

    def work() -> None:
        report = write(root, NEW | trees("new", "abc/fraud"))
        assert_untouched(root, report, "MLC909")
        assert not (root / "abc").exists()

    try:
        as_nobody(root, work)
    finally:
        (root / "test").chmod(0o755)


def test_a_foreign_file_that_cannot_be_linked_is_copied(root: Path) -> None:
    """Linux lets nobody link a file that belongs to somebody else; it may still be read."""
    setting = Path("/proc/sys/fs/protected_hardlinks")
    if os.geteuid() != 0 or not setting.exists() or setting.read_text().strip() == "0":
        pytest.skip("this needs two users, and a system that refuses links to the files of others")
    assert write(root, OLD).ok
    foreign = root / "prod/fraud/mine/foreign.sh"
    foreign.parent.mkdir()

    def work() -> None:
        assert write(root, NEW).ok
        assert on_disk(root) == expected_tree(NEW)

    def plant() -> None:
        foreign.write_text("mine" * 1_000_000)
        foreign.chmod(0o555)

    as_nobody(root, lambda: None)
    plant()
    inode = foreign.stat().st_ino
    assert ended(forked(lambda: demoted(work))) == 0
    assert foreign.read_text() == "mine" * 1_000_000
    assert foreign.stat().st_mode & 0o777 == 0o555
    assert foreign.stat().st_ino != inode


# Two at once


@contextmanager
def locked(root: Path) -> Iterator[None]:
    fd = os.open(root, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(fd)


def test_a_second_writer_waits_and_then_says_so(root: Path) -> None:
    assert write(root, OLD).ok
    with locked(root):
        start = time.monotonic()
        report = write(root, NEW, lock_timeout_s=0.2)
        assert time.monotonic() - start >= 0.2
        assert codes(report) == ["MLC906"]
        assert [d.code for d in compare(root, NEW, lock_timeout_s=0).diagnostics] == ["MLC906"]
        assert on_disk(root) == expected_tree(OLD)
    assert write(root, NEW, lock_timeout_s=0).ok


def test_many_writers_at_once_take_turns(root: Path) -> None:
    names = [f"prod/system-{i}" for i in range(4)]
    choices = [trees(f"v{i}", *names) for i in range(6)]

    def work(tree: int) -> Callable[[], None]:
        def run() -> None:
            for _ in range(counts.times(3)):
                assert write(root, choices[tree], lock_timeout_s=30, durable=False).ok

        return run

    children = [forked(work(i)) for i in range(len(choices))]
    assert [ended(child) for child in children] == [0] * len(choices)
    counts.tell("renders of six processes at once", len(choices) * counts.times(3), "each was whole")
    assert on_disk(root) in [expected_tree(tree) for tree in choices]
    assert stages(root) == []


def test_readers_do_not_hinder_each_other(root: Path) -> None:
    assert write(root, OLD).ok
    fd = os.open(root, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_SH)
    assert compare(root, OLD, lock_timeout_s=0).clean
    os.close(fd)


def test_without_locks_the_stage_of_a_running_process_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no file system without locks to be had here, so the call itself is made to refuse."""
    assert write(root, OLD).ok
    running, dead = f".mlopsctl-stage-{os.getpid()}-0", f".mlopsctl-stage-{ended_child()}-0"
    (root / running).mkdir()
    (root / dead).mkdir()

    def refuse(fd: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    report = write(root, NEW)
    assert report.ok
    assert codes(report) == ["MLC907"]
    assert stages(root) == [running]
    assert on_disk(root) == expected_tree(NEW)
    assert compare(root, NEW).clean


# Leftovers


def test_stages_of_dead_runs_are_removed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "canary").write_text("canary")
    assert write(root, OLD).ok
    dead = root / f".mlopsctl-stage-{ended_child()}-0"
    (dead / "1/deep/er").mkdir(parents=True)
    (dead / "1/deep/er/file").write_text("x")
    (dead / "1/file").symlink_to(tmp_path / "canary")
    (dead / "1/folder").symlink_to(tmp_path)
    (dead / "1").chmod(0o555)
    (root / ".mlopsctl-stage-notes").mkdir()
    assert codes(write(root, OLD)) == ["MLC904"]  # the folder that only looks like a stage
    assert stages(root) == [".mlopsctl-stage-notes"]
    assert (tmp_path / "canary").read_text() == "canary"


def ended_child() -> int:
    child = forked(lambda: None)
    ended(child)
    return child


def test_a_leftover_that_cannot_be_deleted_is_only_a_warning(root: Path) -> None:
    assert write(root, OLD).ok
    deep = root / ".mlopsctl-stage-1-0"
    deep.joinpath(*["d"] * 300).mkdir(parents=True)
    report = write(root, NEW)
    assert report.ok
    assert codes(report) == ["MLC915"]
    assert on_disk(root) == expected_tree(NEW)
    shutil.rmtree(deep)


@pytest.mark.parametrize(
    "steps",
    [
        "",
        "{}",
        "[1]",
        "[{}]",
        "[" * 100_000,
        [{"kind": "drop", "environment": "..", "name": "canary", "slot": "1", "inode": 0, "ours": []}],
        [{"kind": "swap", "environment": "prod", "name": "../../canary", "slot": "1", "inode": 0, "ours": []}],
        [{"kind": "swap", "environment": "prod", "name": "fraud", "slot": "../x", "inode": 0, "ours": []}],
        [{"kind": "swap", "environment": "prod", "name": "x", "slot": "1", "inode": 0, "ours": ["../../canary"]}],
        [{"kind": "burn", "environment": "prod", "name": "fraud", "slot": "1", "inode": 0, "ours": []}],
        [{"kind": "drop", "environment": "prod", "name": "fraud", "slot": "1", "inode": 1, "ours": []}],
        [{"kind": "place", "environment": "prod", "name": "fraud", "slot": "1", "inode": 1, "ours": []}],
        [{"kind": "swap", "environment": "linked", "name": "canary", "slot": "1", "inode": 1, "ours": ["x"]}],
    ],
    ids=range(13),
)
def test_a_journal_from_elsewhere_reaches_nothing_outside(root: Path, steps: object) -> None:
    canary = root.parent / "canary"
    canary.mkdir()
    (canary / "x").write_text("canary")
    assert write(root, OLD).ok
    stage = root / ".mlopsctl-stage-1-0"
    (stage / "1.files").mkdir(parents=True)
    (stage / "1.files/x").write_text("planted")
    (stage / "journal.json").write_text(steps if isinstance(steps, str) else json.dumps(steps))
    if "linked" in str(steps):
        (root / "linked").symlink_to(root.parent)
    write(root, OLD)
    (root / "linked").unlink(missing_ok=True)
    assert (canary / "x").read_text() == "canary"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.rmtree(root / "prod/fraud/x", ignore_errors=True)
    (root / "prod/fraud/x").unlink(missing_ok=True)
    assert write(root, OLD).ok
    assert on_disk(root) == expected_tree(OLD)


def test_a_finished_journal_is_worth_a_note(root: Path) -> None:
    assert write(root, OLD).ok
    stage = root / ".mlopsctl-stage-1-0"
    stage.mkdir()
    (stage / "journal.json").write_text("[]")
    comparison = compare(root, OLD)
    assert comparison.cut_short
    assert not comparison.clean
    report = write(root, OLD)
    assert [(d.code, d.severity) for d in report.diagnostics] == [("MLC913", Severity.NOTE)]
    assert compare(root, OLD).clean


# Folders swapped for links while the render runs


@pytest.mark.parametrize("place", ["prod", "prod/fraud"])
def test_a_folder_swapped_for_a_link_during_the_render_leads_nowhere(root: Path, place: str) -> None:
    """Another process keeps putting a link to a folder outside in the place of one of the tree's."""
    outside = root.parent / "outside"
    assert write(outside, OLD, durable=False).ok
    before = {path: path.lstat().st_ino for path in outside.rglob("*")}
    assert write(root, OLD, durable=False).ok
    target = root / place

    def work() -> None:
        link, aside = root.parent / "link", root.parent / "aside"
        while os.getppid() != 1:
            try:
                link.symlink_to(outside / place)
                target.rename(aside)
                link.rename(target)
                target.unlink()
                aside.rename(target)
            except OSError:
                link.unlink(missing_ok=True)
                shutil.rmtree(aside, ignore_errors=True)

    child = forked(work)
    deadline = time.monotonic() + 2.0
    refused = tries = 0
    while time.monotonic() < deadline:
        tries += 1
        refused += not write(root, NEW if tries % 2 else OLD, durable=False).ok
    os.kill(child, 9)
    ended(child)
    assert {path: path.lstat().st_ino for path in outside.rglob("*")} == before
    assert on_disk(outside) == expected_tree(OLD)
    assert tries > 20
    assert refused
