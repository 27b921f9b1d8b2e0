"""Capture all output of a step's process: of the step, its libraries, the user's code and child processes.

File descriptors 1 and 2 become a pipe; masked lines go to the original standard error, as JSON if it is no terminal.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.cli.terminal import printable
from mlopsctl.runtime.log import Log

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_READ_TIMEOUT_S = 2.0
"""Seconds to wait at the end for children that keep the pipe open."""
_MARK = "\x00caught up\x00"
"""A marker line in the pipe that no program prints."""


@contextmanager
def captured(mask: Callable[[str], str], verb: str, blueprint: Blueprint) -> Iterator[tuple[Log, Callable[[], None]]]:
    """Mask both streams while the step runs.

    Yield the log, and a function that returns once all earlier output is passed on, so that the step's own line is the
    last one.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    outside, stdout = os.dup(2), os.dup(1)
    structured = not os.isatty(outside)
    log = _log(outside, mask, verb, blueprint, structured)
    read, write = os.pipe()
    os.dup2(write, 1)
    os.dup2(write, 2)
    os.close(write)
    reached = threading.Event()
    pump = threading.Thread(target=_pump, args=(read, log, outside, structured, reached), daemon=True)
    pump.start()
    quiet_libraries()

    def caught_up() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        _write(1, f"{_MARK}\n")
        reached.wait(_READ_TIMEOUT_S)

    try:
        yield log, caught_up
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(stdout, 1)
        os.dup2(outside, 2)
        pump.join(_READ_TIMEOUT_S)


def _log(outside: int, mask: Callable[[str], str], verb: str, blueprint: Blueprint, structured: bool) -> Log:
    identity = blueprint.identity
    context = {"system": identity.system, "environment": identity.environment, "step": verb}
    return Log(lambda line: _write(outside, line), lambda: datetime.now(UTC), structured, context, mask)


def _pump(read: int, log: Log, outside: int, structured: bool, reached: threading.Event) -> None:
    """Pass on output line by line: a secret split by a buffer would not be recognised."""
    with os.fdopen(read, encoding="utf-8", errors="replace", newline="") as stream:
        for line in stream:
            text = line.rstrip("\r\n")
            message = text.removesuffix(_MARK)
            if message or message == text:
                _pass_on(message, log, outside, structured)
            if message != text:
                reached.set()


def _pass_on(text: str, log: Log, outside: int, structured: bool) -> None:
    if not structured:
        _write(outside, printable(log.mask(text)) + "\n")
    elif text.strip():
        log.say(_COLOURS.sub("", text), stream="output")


def _write(descriptor: int, text: str) -> None:
    data = text.encode("utf-8", errors="replace")
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        return


def quiet_libraries() -> None:
    """Limit the logs of libraries to errors."""
    if not os.environ.get("MLOPSCTL_TRACEBACK"):
        logging.disable(logging.WARNING)
