"""A file's text by line and column, and what is put in the place of stretches of it.

In: bytes that were read as YAML before. Out: indices, and the bytes with the splices done. Never knows what YAML means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from mlopsctl.source.lines import BYTE_ORDER_MARK

_BREAK = re.compile(r"\r\n|\r|\n")


class Splice(NamedTuple):
    """A stretch of the text, from `start` up to `end`, and what stands there afterwards."""

    start: int
    end: int
    text: str


class Text:
    """The text of a file, without the mark it may begin with."""

    def __init__(self, data: bytes) -> None:
        whole = data.decode("utf-8")
        self.mark = BYTE_ORDER_MARK if whole.startswith(BYTE_ORDER_MARK) else ""
        self.content = whole.removeprefix(BYTE_ORDER_MARK)

    @cached_property
    def starts(self) -> list[int]:
        """The index of each line's first character."""
        return [0, *(found.end() for found in _BREAK.finditer(self.content))]

    @cached_property
    def newline(self) -> str:
        """What ends a line in this file."""
        found = _BREAK.search(self.content)
        return found[0] if found else "\n"

    def index(self, line: int, column: int) -> int:
        """Return the index of a place; lines and columns count from 1."""
        return self.starts[line - 1] + column - 1 if line <= len(self.starts) else len(self.content)

    def line_start(self, index: int) -> int:
        """Return where the line of `index` begins."""
        return max(self.content.rfind("\n", 0, index), self.content.rfind("\r", 0, index)) + 1

    def line_end(self, index: int) -> int:
        """Return where the line of `index` ends, its line break not included."""
        found = _BREAK.search(self.content, index)
        return found.start() if found else len(self.content)

    def next_line(self, index: int) -> int:
        """Return where the line after that of `index` begins."""
        found = _BREAK.search(self.content, index)
        return found.end() if found else len(self.content)

    def spliced(self, splices: Iterable[Splice]) -> bytes:
        """Return the file's bytes with every splice done; what is put in at one place keeps its order."""
        parts, done = [self.mark], 0
        for start, end, text in sorted(splices, key=lambda one: (one.start, one.end)):
            parts += [self.content[done:start], text]
            done = end
        return "".join((*parts, self.content[done:])).encode()
