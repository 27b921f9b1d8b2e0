"""Which thing became which: by identity, by the same content elsewhere, by being nearly the same under a new name.

In: the things of two trees that are not in the same place with the same text. Out: pairs; one side is None where a
thing came or went.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from mlopsctl.change.manifests_read import Thing

Pair = tuple[Thing | None, Thing | None]

_ALIKE = 0.6
"""A new object that shares this much of its fields with one that is gone takes its place."""
_MOST = 400


def matched(old: Sequence[Thing], new: Sequence[Thing]) -> Iterator[Pair]:
    """Yield each thing with what it was."""
    then: defaultdict[tuple[str, ...], list[Thing]] = defaultdict(list)
    for thing in old:
        then[thing.identity].append(thing)
    came = []
    for thing in new:
        if found := then[thing.identity]:
            yield found.pop(0), thing
        else:
            came.append(thing)
    gone = [thing for left in then.values() for thing in left]
    yield from _elsewhere(gone, came)


def _elsewhere(gone: list[Thing], came: list[Thing]) -> Iterator[Pair]:
    """Pair what went with what came in its place, within an environment and a kind."""
    kinds: defaultdict[tuple[str, ...], tuple[list[Thing], list[Thing]]] = defaultdict(lambda: ([], []))
    for side, things in enumerate((gone, came)):
        for thing in things:
            kinds[thing.environment, thing.kind, thing.namespace][side].append(thing)
    for before, after in kinds.values():
        yield from _in_place_of(before, after)


def _in_place_of(gone: list[Thing], came: list[Thing]) -> Iterator[Pair]:
    scores = []
    if len(gone) * len(came) <= _MOST:
        scores = sorted(_scores(gone, came), reverse=True)
    taken: set[int] = set()
    for _, i, j in scores:
        if {~i, j} & taken:
            continue
        taken |= {~i, j}
        yield gone[i], came[j]
    yield from ((thing, None) for i, thing in enumerate(gone) if ~i not in taken)
    yield from ((None, thing) for j, thing in enumerate(came) if j not in taken)


def _scores(gone: Sequence[Thing], came: Sequence[Thing]) -> Iterator[tuple[float, int, int]]:
    befores, afters = ([Counter(likeness(one.value)) for one in things] for things in (gone, came))
    for i, before in enumerate(befores):
        for j, after in enumerate(afters):
            shared = 2 * (before & after).total() / max(1, before.total() + after.total())
            # A file without a kind has no identity beside its path: only the same content is the same thing.
            if shared >= (_ALIKE if gone[i].kind else 1.0):
                yield shared, i, j


def likeness(value: Any) -> list[str]:
    """Return the leaves of a value with their keys, by which two are held against each other."""
    leaves: list[str] = []
    open_: list[tuple[str, Any]] = [("", value)]
    while open_:
        name, one = open_.pop()
        if isinstance(one, dict):
            open_ += [(str(key), inner) for key, inner in one.items()]
        elif isinstance(one, list):
            open_ += [(name, inner) for inner in one]
        else:
            leaves.append(f"{name}={one}")
    return leaves
