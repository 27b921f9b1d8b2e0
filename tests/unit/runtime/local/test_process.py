"""A step's process: how it ended, what it cost, and that it ends with the run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlopsctl.runtime.local import process


def run(folder: Path, code: str, tick: Callable[[float], None] = lambda _: None) -> process.Exit:
    return process.run([sys.executable, "-c", code], folder, dict(os.environ), folder / "log", tick)


def test_the_code_the_cost_and_what_was_printed_are_kept(tmp_path: Path) -> None:
    ended = run(tmp_path, "import sys; print('out'); print('err', file=sys.stderr); x = [0] * 5_000_000; sys.exit(3)")
    assert ended.code == 3
    assert ended.seconds > 0 and ended.cpu > 0
    assert ended.peak > 30 * 2**20
    assert set((tmp_path / "log").read_text().split()) == {"out", "err"}


def test_a_signal_is_a_negative_code(tmp_path: Path) -> None:
    assert run(tmp_path, "import os; os.kill(os.getpid(), 9)").code == -9


def test_an_interruption_ends_the_process_and_its_children(tmp_path: Path) -> None:
    child = f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', {str(tmp_path)!a}])"
    code = f"import subprocess, sys, time; {child}; time.sleep(600)"

    def interrupt(seconds: float) -> None:
        if _left(tmp_path) or seconds > 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, code, interrupt)
    deadline = time.monotonic() + 10
    while _left(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _left(tmp_path)


def _left(folder: Path) -> list[Path]:
    """Find processes that were started with the folder's name as their last word."""
    mark = f"\0{folder}\0".encode()
    return [path for path in Path("/proc").glob("[0-9]*/cmdline") if _read(path).endswith(mark)]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
