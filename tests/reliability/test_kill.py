"""A render may be killed, or fail, at any moment.

No unit is ever half old and half new, and the next run finishes what was begun.
"""

from __future__ import annotations

import errno
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import counts

from mlopsctl.tree import exchange
from mlopsctl.tree.compare import compare
from mlopsctl.tree.write import write

from .trees import KILLED, Trees, ended, expected_tree, forked, in_memory, on_disk, stages, trees

pytestmark = pytest.mark.reliability

TRIES = 120
STRIDE = 2 if counts.times(1) == 1 else 1
"""Of the steps of a render each second is tried, and all of them in the long run."""
# What CPython tells an audit hook before it does it; the steps of a render lie between these.
CALLS = ("chmod", "link", "listdir", "mkdir", "remove", "rename", "rmdir", "scandir")
EVENTS = frozenset({"open", *(f"os.{call}" for call in CALLS)})

OLD = trees("old", "prod/fraud", "prod/gone", "prod/mixed", "test/fraud")
NEW = trees("new", "prod/fraud", "prod/added", "prod/mixed", "live/fraud")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    with in_memory(tmp_path) as folder:
        yield folder / "generated"


def settle(root: Path, tree: Trees) -> None:
    report = write(root, tree, durable=False)
    assert report.ok, report.diagnostics
    assert on_disk(root) == expected_tree(tree)
    assert stages(root) == []
    assert compare(root, tree).clean


def assert_whole(root: Path, *trees: Trees) -> None:
    """Every unit on disk is wholly that of one tree; a unit that is in all of them exists."""
    choices = [expected_tree(tree) for tree in trees]
    units = on_disk(root)
    for name, files in units.items():
        assert files in [choice[name] for choice in choices if name in choice], name
    for name in set.intersection(*(set(choice) for choice in choices)):
        assert name in units


def test_random_kills_leave_no_unit_mixed(root: Path) -> None:
    names = [f"prod/system-{i}" for i in range(6)]
    old, new = trees("old", *names, files=9), trees("new", *names, files=9)
    settle(root, old)
    chance = random.Random(20)  # noqa: S311
    seen: set[str] = set()

    def work() -> None:
        while True:
            write(root, new, durable=False)
            write(root, old, durable=False)

    for _ in range(counts.times(TRIES)):
        child = forked(work)
        time.sleep(chance.uniform(0.002, 0.06))
        os.kill(child, signal.SIGKILL)
        assert ended(child) == KILLED
        assert_whole(root, old, new)
        seen.update(files["target-0/file-0.yaml"][:3] for files in on_disk(root).values())
        settle(root, chance.choice((old, new)))
    assert seen == {"old", "new"}
    counts.tell("renders killed at a random moment", counts.times(TRIES), "no unit was mixed")


def killed_at(root: Path, event: int, *, exchanges: bool) -> bool:
    """Render in a copy of this process that dies before its nth event; tell whether it died."""

    def work() -> None:
        left = event
        if not exchanges:
            exchange._system_call = lambda: None  # type: ignore[assignment]

        def count(name: str, arguments: object) -> None:
            nonlocal left
            if name in EVENTS:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        if not write(root, NEW, durable=False).ok:
            raise AssertionError

    status = ended(forked(work))
    assert status in (0, KILLED)
    return status == KILLED


@pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "file-by-file"])
def test_a_kill_before_any_step_is_finished_by_the_next_run(root: Path, exchanges: bool) -> None:
    """The foreign files are in their place throughout, and what the killed run wrote is known as ours."""
    foreign = [root / "prod/mixed/foreign.txt", root / "prod/gone/deep/foreign.txt"]
    tries, cut_short = 0, 0
    died = True
    while died:
        tries += 1
        next_one = OLD if tries % 2 else NEW
        settle(root, OLD)
        for path in foreign:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("mine")
        died = killed_at(root, tries * STRIDE, exchanges=exchanges)
        assert [path.read_text() for path in foreign] == ["mine", "mine"]
        if exchanges:
            assert_whole(root, OLD, NEW)
        cut_short += compare(root, NEW).cut_short
        finished = write(root, next_one, durable=False)
        assert finished.ok
        assert all(not change.edited for change in finished.units)
        for path in foreign:
            path.unlink()
        (root / "prod/gone/deep").rmdir()
        if next_one is NEW:
            (root / "prod/gone").rmdir()
        assert on_disk(root) == expected_tree(next_one)
        assert stages(root) == []
    assert tries > 50
    counts.tell("renders killed before a step", tries, "the next run finished each")
    assert cut_short > 5


def failing_from(root: Path, event: int, *, for_good: bool) -> int:
    """Render in a copy of this process in which the nth call fails, alone or with all that follow.

    Return 0 for a good report, 2 for one with an error, 3 where no call failed.
    """
    calls = 0

    def fail(name: str, arguments: object) -> None:
        nonlocal calls
        calls += name in EVENTS
        if name in EVENTS and (calls == event or (for_good and calls > event)):
            raise OSError(errno.EIO, "Input/output error")

    def work() -> None:
        sys.addaudithook(fail)
        ok = write(root, NEW, durable=False).ok
        os._exit(3 if calls < event else 0 if ok else 2)

    return ended(forked(work))


@pytest.mark.parametrize("for_good", [False, True], ids=["one call", "all calls"])
def test_a_failing_call_is_reported_and_the_old_tree_stands(root: Path, for_good: bool) -> None:
    event, outcomes = 0, []
    while not outcomes or outcomes[-1] != 3:
        event += STRIDE
        settle(root, OLD)
        outcomes.append(failing_from(root, event, for_good=for_good))
        assert outcomes[-1] in (0, 2, 3)
        assert_whole(root, OLD, NEW)
        if outcomes[-1] != 2:
            assert on_disk(root) == expected_tree(NEW)
        elif not for_good:
            assert on_disk(root) == expected_tree(OLD)
            assert not compare(root, OLD).cut_short
        settle(root, NEW if event % 4 else OLD)
    assert {0, 2} <= set(outcomes)
    counts.tell("renders with a failing system call", len(outcomes), "no unit was mixed")


def test_an_interrupt_while_staging_leaves_nothing_behind(root: Path) -> None:
    settle(root, OLD)

    def work() -> None:
        def interrupt(name: str, arguments: tuple[object, ...]) -> None:
            if name == "open" and arguments[0] == "file-1.yaml" and int(str(arguments[2])) & os.O_CREAT:
                raise KeyboardInterrupt

        sys.addaudithook(interrupt)
        try:
            write(root, NEW, durable=False)
        except KeyboardInterrupt:
            return
        raise AssertionError

    assert ended(forked(work)) == 0
    assert stages(root) == []
    assert on_disk(root) == expected_tree(OLD)
