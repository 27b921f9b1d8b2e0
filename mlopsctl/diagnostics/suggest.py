"""Suggestions: the candidate closest to a misspelt word."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 64
LISTED = 12


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that `word` was most likely meant to be, or None.

    Case, `-` and `_` count for nothing; one edit in three letters is allowed, a pair of exchanged letters
    being one edit. Of two equally near candidates the first one wins.
    """
    target = folded(word)
    if not target or len(target) > LONGEST:
        return None
    best, nearest = None, max(1, len(target) // 3) + 1
    for candidate in candidates:
        near = distance(target, folded(candidate), nearest)
        if near < nearest and near < len(target):
            best, nearest = candidate, near
    return best


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return a piece of help: the nearest candidate, or all of them when they are few, or nothing."""
    options = tuple(candidates)
    if match := closest(word, options):
        return f"did you mean `{match}`?"
    if not options or len(options) > LISTED:
        return ""
    return "there is only " * (len(options) == 1) + "one of " * (len(options) > 1) + listed(options)


def listed(names: Iterable[str]) -> str:
    """Return names as prose: `a`, `b` or `c`."""
    *rest, last = [f"`{name}`" for name in names] or [""]
    return f"{', '.join(rest)} or {last}" if rest else last


def folded(word: str) -> str:
    """Return the word without what people confuse: case, hyphens, underscores, blanks."""
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "")


def distance(a: str, b: str, bound: int) -> int:
    """Return the edits between two words (optimal string alignment), at most `bound`."""
    if a == b:
        return 0
    if abs(len(a) - len(b)) >= bound:
        return bound
    older: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        oldest, older, row = older, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(older[j] + 1, row[j - 1] + 1, older[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cost = min(cost, oldest[j - 2] + 1)
            row.append(cost)
        if min(row) >= bound:
            return bound
    return min(row[-1], bound)
