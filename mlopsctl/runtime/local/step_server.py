"""The step server of a run, seen from the run: started for its first step, ended with it.

A step that the server cannot run is started as a process of its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from socket import socket
from typing import Self

from mlopsctl.runtime.local import step_channel
from mlopsctl.runtime.local.process import GRACE_PERIOD_S, POLL_INTERVAL_S, Exit, die_with_parent
from mlopsctl.runtime.local.step_channel import Answer, Request


class StepServer:
    """Runs steps in forked processes. `fault` is why it does not, if it does not."""

    def __init__(self, program: Sequence[str], folder: Path, environ: Mapping[str, str], keep: Sequence[int]) -> None:
        self._program, self._folder, self._environ, self._keep = program, folder, environ, keep
        self._channel: socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.fault = ""

    def __enter__(self) -> Self:
        """Start nothing yet: a run that reuses its steps needs no server."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the server."""
        self.close()

    def run(self, request: Request, log: Path, tick: Callable[[float], None]) -> Exit | None:
        """Run a step to its end; whatever interrupts the wait ends the step first.

        Return None, with nothing of the step run, where it must be started otherwise: the server is refused, ended, or
        not worth its start for the last step of a run.
        """
        if self.fault or (self._channel is None and not request.later):
            return None
        with log.open("wb") as output:
            answers, theirs = step_channel.pair()
            with theirs:
                sent = self._sent(request, (output.fileno(), theirs.fileno()))
        with answers:
            return self._watched(answers, tick) if sent else None

    def _sent(self, request: Request, descriptors: Sequence[int]) -> bool:
        """Send a request to the server, started for the first one; return whether it could be sent."""
        try:
            if self._channel is None:
                self._channel = self._started()
            step_channel.request(self._channel, request, descriptors)
        except OSError as error:
            self._end(f"the step server does not answer: {error.strerror}")
            return False
        return True

    def _started(self) -> socket:
        ours, theirs = step_channel.pair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [*self._program, str(theirs.fileno())],
                cwd=self._folder,
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(*self._keep, theirs.fileno()),
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - it makes one call into C, and takes no lock
            )
        return ours

    def _watched(self, answers: socket, tick: Callable[[float], None]) -> Exit | None:
        """Wait for the end of a step; a step whose server was killed was killed with it."""
        started, pid = time.monotonic(), 0
        try:
            while (answer := _next(answers, lambda: tick(time.monotonic() - started))) is not None:
                pid = pid or answer.pid
                if answer.refused:
                    self._end(answer.refused)
                    return None
                if answer.code is not None:
                    return Exit(answer.code, time.monotonic() - started, answer.cpu, answer.peak)
        except BaseException:
            _interrupted(pid, answers)
            raise
        self._end("the step server ended")
        return Exit(-signal.SIGKILL, time.monotonic() - started, 0.0, 0) if pid else None

    def _end(self, fault: str) -> None:
        """End the server for the rest of the run."""
        self.fault = fault
        self.close()

    def close(self) -> None:
        """End the server's processes; a process of a step ends with them."""
        if self._channel is not None:
            self._channel.close()
        if self._process is None:
            return
        try:
            self._process.wait(GRACE_PERIOD_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _next(answers: socket, tick: Callable[[], None]) -> Answer | None:
    """Wait for an answer; None if every process that could give one has ended."""
    answers.settimeout(POLL_INTERVAL_S)
    while True:
        try:
            return step_channel.answered(answers)
        except TimeoutError:
            tick()


def _interrupted(pid: int, answers: socket) -> None:
    """Ask a step and its children to end, and end them; a step that has not begun ends with the server."""
    for number in (signal.SIGTERM, signal.SIGKILL) if pid else ():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, number)
        answers.settimeout(GRACE_PERIOD_S)
        with contextlib.suppress(TimeoutError):
            step_channel.answered(answers)
            return
