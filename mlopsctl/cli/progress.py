"""How a run shows on a terminal, and everywhere else: a moving line there, plain lines here.

In: what the walk tells. Out: lines on the error stream; a run's results go to the other one.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from mlopsctl.blueprint.model import Step
from mlopsctl.runtime.local.walk import BROKE, DONE, REFUSES, REUSED, Ended

_SIGNS = {DONE: ("✔", "green"), REUSED: ("=", "cyan"), REFUSES: ("✗", "red"), BROKE: ("✗", "red")}
_LEVELS = {"error": "✗ ", "warning": "! "}
_TAIL = 8192


class Lines:
    """Tells one line at each start and end."""

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind."""

    def started(self, step: Step, place: int, count: int) -> None:
        """Say that a step starts."""
        click.echo(f"[{place}/{count}] {step.name}: {step.description}", err=True)

    def tick(self, step: Step, seconds: float, log: Path) -> None:
        """Say nothing: what is written to a file should not depend on how fast the machine is."""

    def ended(self, ended: Ended, place: int, count: int) -> None:
        """Say how a step came out."""
        click.echo(f"[{place}/{count}] {line(ended)}", err=True)


class Moving(Lines):
    """Keeps a line in motion while a step works: how long it has, and what it said last."""

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
        """Renew the line, a few times a second."""
        if self._status is None or seconds - self._shown < 0.25:
            return
        from rich.text import Text

        self._shown = seconds
        last = (messages(log) or [step.description])[-1]
        text = Text.assemble((f"{step.name:<14}", "bold"), f"{seconds:5.0f} s  ", (last, "dim"))
        text.truncate(max(self._console.width - 4, 20), overflow="ellipsis")
        self._status.update(text)

    def ended(self, ended: Ended, place: int, count: int) -> None:
        """Leave a line of how the step came out."""
        from rich.text import Text

        self._stop()
        sign, colour = _SIGNS[ended.state]
        told = line(ended).removeprefix(sign)
        self._console.print(Text.assemble((f"[{place}/{count}] ", "dim"), (sign, colour), told))

    def _stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None


def observer() -> Lines:
    """Choose by where the error stream goes."""
    plain = not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
    return Lines() if plain else Moving()


def line(ended: Ended) -> str:
    """Say in a line how a step came out."""
    sign = _SIGNS[ended.state][0]
    seconds = ended.record.seconds if ended.record else 0.0
    told = "unchanged, reused" if ended.state == REUSED else f"{seconds:.1f} s"
    return f"{sign} {ended.step.name:<14} {told}" + (f"  {ended.state}" if ended.failed else "")


def messages(log: Path) -> list[str]:
    """Return the last things a log says, as a person would read them."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [told for each in lines if (told := _message(each))]


def _message(text: str) -> str:
    try:
        entry = json.loads(text)
    except ValueError:
        return text.strip()
    if not isinstance(entry, dict) or "message" not in entry:
        return text.strip()
    return _LEVELS.get(str(entry.get("level")), "") + str(entry["message"])
