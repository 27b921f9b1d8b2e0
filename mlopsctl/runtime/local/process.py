"""One step's process: started, watched, and ended with the run that started it.

On Linux the process cannot outlive the runner, not even where that is killed.
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
from typing import Any

_POLL_INTERVAL_S, _GRACE_PERIOD_S = 0.02, 5.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended: its code (negative: the signal), seconds, processor seconds, peak bytes of memory."""

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
    """Run a command to its end; whatever interrupts the wait ends the command first. `keep` are open descriptors."""
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
            return Exit(process.returncode, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _unit())
        tick(seconds)
        time.sleep(_POLL_INTERVAL_S)


def _unit() -> int:
    """Return the unit that the system counts memory in: macOS says bytes, Linux kilobytes."""
    return 1 if sys.platform == "darwin" else 1024


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process and its children to end, and end them."""
    for number, timeout_s in ((signal.SIGTERM, _GRACE_PERIOD_S), (signal.SIGKILL, _GRACE_PERIOD_S)):
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
