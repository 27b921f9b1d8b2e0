"""Lines as editors count them: LF, CRLF and CR end one, nothing else does."""

from __future__ import annotations

from collections.abc import Sequence

from mlopsctl.diagnostics.model import Span

BYTE_ORDER_MARK = "\ufeff"


def split(text: str) -> list[str]:
    """Return the lines of `text` without their ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def source_lines(data: bytes) -> list[str]:
    """Return the lines of a file for display; bytes that are not UTF-8 are shown as U+FFFD."""
    return split(data.decode("utf-8", "replace").removeprefix(BYTE_ORDER_MARK))


def span_at(file: str, text: str, index: int, length: int = 1) -> Span:
    """Return the span of `length` characters of one line, from the character at `index` on."""
    before = split(text[:index])
    line, column = len(before), len(before[-1]) + 1
    return Span(file, line, column, line, column + length)


def clamped(file: str, lines: Sequence[str], line: int, column: int, length: int = 1) -> Span:
    """Return a span inside the file; positions after its last text are moved to the end of that text.

    `line` and `column` count from 0, as parsers do.
    """
    if line >= len(lines) or not any(rest.strip() for rest in lines[line:]):
        line = max((i for i, text in enumerate(lines[: line + 1]) if text.strip()), default=0)
        column = len(lines[line].rstrip()) if lines else 0
    return Span(file, line + 1, column + 1, line + 1, column + 1 + length)
