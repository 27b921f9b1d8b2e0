"""Match the objects of two trees: by identity, by equal content, or by similar content under a new name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from mlopsctl.manifest_diff.reader import TreeObject

Pair = tuple[TreeObject | None, TreeObject | None]

_ALIKE = 0.6
"""The minimum share of equal fields for a new object to replace a removed one."""
_MOST = 400


def matched(old: Sequence[TreeObject], new: Sequence[TreeObject]) -> Iterator[Pair]:
    """Yield each object or file with its former state."""
    then: defaultdict[tuple[str, ...], list[TreeObject]] = defaultdict(list)
    for obj in old:
        then[obj.identity].append(obj)
    came = []
    for obj in new:
        if candidates := then[obj.identity]:
            yield candidates.pop(0), obj
        else:
            came.append(obj)
    removed = [obj for left in then.values() for obj in left]
    yield from _elsewhere(removed, came)


def _elsewhere(removed: list[TreeObject], came: list[TreeObject]) -> Iterator[Pair]:
    """Match removed and added objects of the same environment and kind."""
    kinds: defaultdict[tuple[str, ...], tuple[list[TreeObject], list[TreeObject]]] = defaultdict(lambda: ([], []))
    for side, objects in enumerate((removed, came)):
        for obj in objects:
            kinds[obj.environment, obj.kind, obj.namespace][side].append(obj)
    for before, after in kinds.values():
        yield from _in_place_of(before, after)


def _in_place_of(removed: list[TreeObject], came: list[TreeObject]) -> Iterator[Pair]:
    scores = []
    if len(removed) * len(came) <= _MOST:
        scores = sorted(_scores(removed, came), reverse=True)
    used: set[int] = set()
    for _, i, j in scores:
        if {~i, j} & used:
            continue
        used |= {~i, j}
        yield removed[i], came[j]
    yield from ((obj, None) for i, obj in enumerate(removed) if ~i not in used)
    yield from ((None, obj) for j, obj in enumerate(came) if j not in used)


def _scores(removed: Sequence[TreeObject], came: Sequence[TreeObject]) -> Iterator[tuple[float, int, int]]:
    befores, afters = ([Counter(likeness(obj.value)) for obj in objects] for objects in (removed, came))
    for i, before in enumerate(befores):
        for j, after in enumerate(afters):
            shared = 2 * (before & after).total() / max(1, before.total() + after.total())
            # A file without a kind is identified by its path: elsewhere only equal content matches.
            if shared >= (_ALIKE if removed[i].kind else 1.0):
                yield shared, i, j


def likeness(value: Any) -> list[str]:
    """Return the leaves of a value with their keys, to measure similarity."""
    leaves: list[str] = []
    open_: list[tuple[str, Any]] = [("", value)]
    while open_:
        name, item = open_.pop()
        if isinstance(item, dict):
            open_ += [(str(key), inner) for key, inner in item.items()]
        elif isinstance(item, list):
            open_ += [(name, inner) for inner in item]
        else:
            leaves.append(f"{name}={item}")
    return leaves
