"""Which part of a value a line of its indented JSON shows.

In: the lines of a JSON text with one member a line, and the value. Out: the parts that hold the line, the widest
first. Reads the indentation alone: the text is our own.
"""

from __future__ import annotations

from typing import Any

Found = list[tuple[Any, int, int]]
"""Parts of the value with the numbers of their first and last line, counted from 0."""


def at_line(lines: list[str], wanted: int, value: Any) -> Found:
    """Return the parts that hold the line `wanted`; nothing for a line outside the text."""
    if not 0 <= wanted < len(lines):
        return []
    margin = _depth(lines[0])
    found: Found = []
    counts: dict[int, int] = {}
    for number in range(1, wanted + 1):
        depth, word = _depth(lines[number]) - margin, lines[number].strip()
        if depth < 1:
            return []
        del found[depth - 1 :]
        parent = found[-1][0] if found else value
        if word[0] in "]}":
            continue
        index = counts[depth] = counts.get(depth, -1) + 1
        counts = {at: count for at, count in counts.items() if at <= depth}
        found.append((_child(parent, word, index), number, _last(lines, number, depth + margin)))
    return found


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _last(lines: list[str], number: int, depth: int) -> int:
    """Return the line that ends what begins on this one."""
    if lines[number].rstrip()[-1] not in "[{":
        return number
    return next(at for at in range(number + 1, len(lines)) if _depth(lines[at]) == depth)


def _child(parent: Any, word: str, index: int) -> Any:
    """Return the member that a line begins: of a list by its number, of anything else by its key."""
    if isinstance(parent, list | tuple):
        return parent[index] if index < len(parent) else None
    key = word.partition('"')[2].partition('":')[0]
    return parent.get(key) if isinstance(parent, dict) else getattr(parent, key, None)
