"""A file's text by line and column, and replacements of parts of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from mlopsctl.source.lines import BYTE_ORDER_MARK

_BREAK = re.compile(r"\r\n|\r|\n")


class Splice(NamedTuple):
    """A replacement of the text from `start` up to `end`."""

    start: int
    end: int
    text: str


class Text:
    """The text of a file without a byte order mark."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8")
        self.mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
        self.content = text.removeprefix(BYTE_ORDER_MARK)

    @cached_property
    def starts(self) -> list[int]:
        """Return the index of each line's first character."""
        return [0, *(match.end() for match in _BREAK.finditer(self.content))]

    @cached_property
    def newline(self) -> str:
        """Return the file's line ending."""
        match = _BREAK.search(self.content)
        return match[0] if match else "\n"

    def index(self, line: int, column: int) -> int:
        """Return the index of a line and column, both from 1."""
        return self.starts[line - 1] + column - 1 if line <= len(self.starts) else len(self.content)

    def line_start(self, index: int) -> int:
        """Return the start of the line of `index`."""
        return max(self.content.rfind("\n", 0, index), self.content.rfind("\r", 0, index)) + 1

    def line_end(self, index: int) -> int:
        """Return the end of the line of `index`, without the line break."""
        match = _BREAK.search(self.content, index)
        return match.start() if match else len(self.content)

    def next_line(self, index: int) -> int:
        """Return the start of the line after that of `index`."""
        match = _BREAK.search(self.content, index)
        return match.end() if match else len(self.content)

    def spliced(self, splices: Iterable[Splice]) -> bytes:
        """Return the file's bytes with all splices applied; insertions at one index keep their order."""
        parts, done = [self.mark], 0
        for start, end, text in sorted(splices, key=lambda splice: (splice.start, splice.end)):
            parts += [self.content[done:start], text]
            done = end
        return "".join((*parts, self.content[done:])).encode()
