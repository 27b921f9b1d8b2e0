"""Start and monitor a step's process, and end it with its run.

On Linux the process cannot outlive the runner, even if the runner is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage
from typing import Any

POLL_INTERVAL_S, GRACE_PERIOD_S = 0.02, 5.0
"""Seconds between two looks at a process, and from a request to end to its enforcement."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Exit:
    """The exit of a process: its code (negative: the signal), seconds, CPU seconds, peak memory in bytes."""

    code: int
    seconds: float
    cpu: float
    peak: int


def run(
    command: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    log: Path,
    tick: Callable[[float], None],
    keep: Sequence[int] = (),
) -> Exit:
    """Run a command to its end; an interruption ends the command first. `keep` are open descriptors."""
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(keep),
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - it makes one call into C, and takes no lock
        )
    try:
        return _watched(process, started, tick)
    except BaseException:
        _end(process)
        raise


def _watched(process: subprocess.Popen[bytes], started: float, tick: Callable[[float], None]) -> Exit:
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.monotonic() - started
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return Exit(process.returncode, seconds, usage.ru_utime + usage.ru_stime, bytes_of_peak(usage))
        tick(seconds)
        time.sleep(POLL_INTERVAL_S)


def bytes_of_peak(usage: struct_rusage) -> int:
    """Return a process's peak of memory: macOS counts in bytes, Linux in kilobytes."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Terminate a process and its children, and kill them after a grace period."""
    for number, timeout_s in ((signal.SIGTERM, GRACE_PERIOD_S), (signal.SIGKILL, GRACE_PERIOD_S)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout_s)
            return


def die_with_parent() -> Callable[[], Any] | None:
    """Return the hook by which Linux kills a process when its parent is gone."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
