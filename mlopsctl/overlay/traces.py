"""Carry what the lines of a text are about over to the patched text, and mark the lines that the patch decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.emit.origin import Span, is_recording, spans, with_spans


def traced(before: str, after: str, objects: Iterable[tuple[int, int]], piece: Any) -> str:
    """Return the patched text with its spans; `objects` are the first and last lines of the objects that it patches.

    Without a recording of origins, the text itself is returned.
    """
    if not is_recording():
        return after
    lines = _lines(before, after)
    changed = set(range(1, after.count("\n") + 1)) - set(lines.values())
    return with_spans(
        after,
        (
            *_moved(spans(before), lines),
            *(Span(first, last, (Part(piece, "object"),)) for first, last in objects),
            *(Span(first, last, (piece,)) for first, last in _runs(sorted(changed))),
        ),
    )


def _lines(before: str, after: str) -> dict[int, int]:
    """Return the number in the new text of each line that is still there, counted from 1."""
    matcher = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    return {
        block.a + offset + 1: block.b + offset + 1
        for block in matcher.get_matching_blocks()
        for offset in range(block.size)
    }


def _moved(old: Iterable[Span], lines: dict[int, int]) -> Iterator[Span]:
    for span in old:
        still = [lines[line] for line in range(span.first, span.last + 1) if line in lines]
        if still:
            yield Span(still[0], still[-1], span.about)


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of numbers that follow one another."""
    first = last = 0
    for number in numbers:
        if number != last + 1 and first:
            yield first, last
        first = number if number != last + 1 or not first else first
        last = number
    if first:
        yield first, last
