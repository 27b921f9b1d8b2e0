"""The engines as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mlopsctl.cli.views.engine_capabilities import can, cannot


def render(document: dict[str, Any]) -> str:
    """Return the list as text, a paragraph per engine."""
    return "\n".join(_lines(document["engines"])) + "\n"


def _lines(engines: Iterable[dict[str, Any]]) -> Iterator[str]:
    stage = ""
    for engine in engines:
        if engine["stage"] != stage:
            yield f"{'' if not stage else chr(10)}{engine['stage']}"
            stage = engine["stage"]
        versions = f" {', '.join(engine['versions'])}" if engine["versions"] else ""
        yield f"\n  {engine['name']}{versions}  {engine['state']}"
        for note in filter(None, (engine["licence"], engine["notice"])):
            yield f"      note  {note}"
        if can(engine):
            yield from _folded("      can   ", can(engine))
        for word, why, instead in cannot(engine):
            yield f"      not   {word}: {why}{f'; instead: {instead}' if instead else ''}"


_WIDTH = 118


def _folded(start: str, items: Iterable[str]) -> Iterator[str]:
    """Wrap items over several lines."""
    line = start
    for item in items:
        if len(line) + len(item) > _WIDTH and line.strip():
            yield line.rstrip()
            line = " " * len(start)
        line += f"{item}, "
    yield line.rstrip(", ")
