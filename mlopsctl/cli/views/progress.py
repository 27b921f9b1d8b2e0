"""The progress of a run on the error stream: a moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from mlopsctl.blueprint.model.pipelines import Step
from mlopsctl.cli import terminal
from mlopsctl.diagnostics.render.visible import visible
from mlopsctl.runtime.local.scheduler import BROKE, DONE, REFUSES, REUSED, Ended

_SIGNS = {DONE: ("✔", "green"), REUSED: ("=", "cyan"), REFUSES: ("✗", "red"), BROKE: ("✗", "red")}
_LEVELS = {"error": "✗ ", "warning": "! "}
_TAIL = 8192


class Lines:
    """Print one line at each start and end of a step."""

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clean up."""

    def started(self, step: Step, place: int, count: int) -> None:
        """Print that a step starts."""
        terminal.echo(f"[{place}/{count}] {step.name}: {step.description}", err=True)

    def tick(self, step: Step, seconds: float, log: Path) -> None:
        """Print nothing: a log file should not depend on the speed of the machine."""

    def ended(self, ended: Ended, place: int, count: int) -> None:
        """Print the result of a step."""
        terminal.echo(f"[{place}/{count}] {line(ended)}", err=True)


class AnimatedLines(Lines):
    """Show a moving line while a step runs: its duration and its last message."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._status: Any = None
        self._shown = -1.0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the line."""
        self._stop()

    def started(self, step: Step, place: int, count: int) -> None:
        """Start the line."""
        self._shown = -1.0
        self._status = self._console.status(f"[{place}/{count}] {step.name}", spinner="dots")
        self._status.start()

    def tick(self, step: Step, seconds: float, log: Path) -> None:
        """Update the line a few times per second."""
        if self._status is None or seconds - self._shown < 0.25:
            return
        from rich.text import Text

        self._shown = seconds
        last = visible((messages(log) or [step.description])[-1])
        text = Text.assemble((f"{step.name:<14}", "bold"), f"{seconds:5.0f} s  ", (last, "dim"))
        text.truncate(max(self._console.width - 4, 20), overflow="ellipsis")
        self._status.update(text)

    def ended(self, ended: Ended, place: int, count: int) -> None:
        """Print a line with the result of the step."""
        from rich.text import Text

        self._stop()
        sign, colour = _SIGNS[ended.state]
        summary = visible(line(ended).removeprefix(sign))
        self._console.print(Text.assemble((f"[{place}/{count}] ", "dim"), (sign, colour), summary))

    def _stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None


def observer() -> Lines:
    """Return the progress view for the error stream."""
    plain = not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
    return Lines() if plain else AnimatedLines()


def line(ended: Ended) -> str:
    """Return a line with the result of a step."""
    sign = _SIGNS[ended.state][0]
    seconds = ended.record.seconds if ended.record else 0.0
    summary = "unchanged, reused" if ended.state == REUSED else f"{seconds:.1f} s"
    return f"{sign} {ended.step.name:<14} {summary}" + (f"  {ended.state}" if ended.failed else "")


def messages(log: Path) -> list[str]:
    """Return the last messages of a log as text."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [message for message_line in lines if (message := _message(message_line))]


def _message(text: str) -> str:
    try:
        entry = json.loads(text)
    except ValueError:
        return text.strip()
    if not isinstance(entry, dict) or "message" not in entry:
        return text.strip()
    return _LEVELS.get(str(entry.get("level")), "") + str(entry["message"])
