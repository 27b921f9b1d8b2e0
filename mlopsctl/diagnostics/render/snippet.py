"""One source line with an underlined part; secrets are masked and invisible characters escaped."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from mlopsctl.diagnostics.render.visible import cell, width

MASK = "***"
WIDEST = 100
ELLIPSIS = "…"


class Columns(NamedTuple):
    """A stretch of one line: characters from `start` up to `end`, counted from 0."""

    start: int
    end: int


class Snippet(NamedTuple):
    """A line as shown. `offsets[i]` is the display column of the line's character `i`."""

    text: str
    offsets: tuple[int, ...]

    def underline(self, columns: Columns, stroke: str) -> str:
        """Return the row below the line that marks a stretch of it; at least one stroke."""
        last = len(self.offsets) - 1
        start = self.offsets[min(columns.start, last)]
        end = self.offsets[min(columns.end, last)]
        return " " * start + stroke * max(1, end - start)


def snippet(line: str, masks: Iterable[Columns], focus: int) -> Snippet:
    """Lay a line out; when it is too wide, what lies around the character `focus` is shown."""
    cells = [cell(character) for character in line]
    for mask in masks:
        end = min(mask.end, len(cells))
        if mask.start < end:
            cells[mask.start : end] = [MASK] + [""] * (end - mask.start - 1)
    starts = [0, *accumulate(map(width, cells))]
    if starts[-1] <= WIDEST:
        return Snippet("".join(cells), tuple(starts))
    return window(cells, starts, focus)


def window(cells: list[str], starts: list[int], focus: int) -> Snippet:
    """Cut a wide line down to the part around `focus`."""
    leftmost = max(0, min(starts[min(focus, len(cells))] - WIDEST // 3, starts[-1] - WIDEST))
    begin = bisect_left(starts, leftmost)
    end = max(begin + 1, bisect_right(starts, starts[begin] + WIDEST) - 1)
    before, after = ELLIPSIS * (begin > 0), ELLIPSIS * (end < len(cells))
    edge = starts[min(end, len(cells))] - starts[begin] + len(before)
    offsets = (min(max(start - starts[begin], 0) + len(before), edge) for start in starts)
    return Snippet(before + "".join(cells[begin:end]) + after, tuple(offsets))
