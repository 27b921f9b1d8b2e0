"""Time whole processes, in turn, so that a machine that slows down slows them all.

In: commands by name. Out: the median CPU and wall seconds and the peak memory of each. Never judges.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Command(NamedTuple):
    """A command, where it runs, and what puts things back before each run."""

    argv: Sequence[str]
    cwd: Path | None = None
    before: Callable[[], None] = lambda: None
    exits: tuple[int, ...] = (0,)


class Figure(NamedTuple):
    """Medians of one command: seconds, seconds, mebibytes."""

    cpu: float
    wall: float
    memory: float


def interleaved(commands: Mapping[str, Command], rounds: int, warm: int = 1) -> dict[str, Figure]:
    """Run every command once a round; the first `warm` rounds do not count."""
    runs: dict[str, list[Figure]] = {name: [] for name in commands}
    for turn in range(rounds + warm):
        for name, command in commands.items():
            command.before()
            figure = once(command)
            if turn >= warm:
                runs[name].append(figure)
    return {name: Figure(*(median(values) for values in zip(*figures, strict=True))) for name, figures in runs.items()}


def once(command: Command) -> Figure:
    """Run a command and return what the kernel says of it."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command.argv, cwd=command.cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.exits:
        raise RuntimeError(f"{' '.join(map(str, command.argv))} ended with {process.returncode}")
    return Figure(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    """Return a plain environment in which byte code is kept, as after an install."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table under a heading."""
    lines = [f"## {title}", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows), ""])
