"""Map lines of indented JSON to parts of the value.

Uses only the indentation, because mlopsctl wrote the text.
"""

from __future__ import annotations

from typing import Any

Levels = list[tuple[Any, int, int]]
"""Parts of the value with their first and last line, counted from 0."""


def at_line(lines: list[str], line: int, value: Any) -> Levels:
    """Return the parts that contain the line `line`; empty for a line outside the text."""
    if not 0 <= line < len(lines):
        return []
    margin = _depth(lines[0])
    levels: Levels = []
    counts: dict[int, int] = {}
    for number in range(1, line + 1):
        depth, text = _depth(lines[number]) - margin, lines[number].strip()
        if depth < 1:
            return []
        del levels[depth - 1 :]
        parent = levels[-1][0] if levels else value
        if text[0] in "]}":
            continue
        index = counts[depth] = counts.get(depth, -1) + 1
        counts = {at: count for at, count in counts.items() if at <= depth}
        levels.append((_child(parent, text, index), number, _last(lines, number, depth + margin)))
    return levels


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _last(lines: list[str], number: int, depth: int) -> int:
    """Return the last line of the part that begins on this line."""
    if lines[number].rstrip()[-1] not in "[{":
        return number
    return next(at for at in range(number + 1, len(lines)) if _depth(lines[at]) == depth)


def _child(parent: Any, text: str, index: int) -> Any:
    """Return the member that a line begins: of a list by its number, of anything else by its key."""
    if isinstance(parent, list | tuple):
        return parent[index] if index < len(parent) else None
    key = text.partition('"')[2].partition('":')[0]
    return parent.get(key) if isinstance(parent, dict) else getattr(parent, key, None)
