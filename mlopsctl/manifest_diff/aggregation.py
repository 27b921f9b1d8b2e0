"""Merge the same change in several places into one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from mlopsctl.manifest_diff.model import Entry, Field, SharedChange

MANY = 4
"""From this number on, equal changes are aggregated into one entry."""

_ITEM = re.compile(r"\[[^\]]*\]$")
_LAST = re.compile(r'(?:"[^"]*"|[^."]*)$')


class _ChangeKey(NamedTuple):
    """The key of equal changes: the field's name, and the values before and after."""

    name: str
    verdict: str
    values: str


def together(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Merge the fields of an object that have the same change of value."""
    groups: dict[_ChangeKey, list[Field]] = {}
    for field in fields:
        groups.setdefault(_alike(field), []).append(field)
    return tuple(
        replace(first, others=tuple(field.path for field in rest)) if rest else first
        for first, *rest in groups.values()
    )


def fold(entries: Iterable[Entry]) -> tuple[list[Entry], tuple[SharedChange, ...]]:
    """Move each change that many entries have in common out of the entries."""
    every_entry = list(entries)
    groups: defaultdict[_ChangeKey, list[tuple[Entry, Field]]] = defaultdict(list)
    for entry in every_entry:
        for field in entry.fields:
            groups[_alike(field)].append((entry, field))
    many = {alike: places for alike, places in groups.items() if len(places) >= MANY and not places[0][1].hunk}
    rest = [
        replace(entry, fields=tuple(field for field in entry.fields if _alike(field) not in many))
        for entry in every_entry
    ]
    separate = [entry for entry in rest if entry.fields or entry.verdict != "changed"]
    return separate, tuple(_everywhere(alike.name, places) for alike, places in many.items())


def title(entry: Entry) -> str:
    """Return the title of an entry: `prod/card-fraud Model card-fraud-v42`, or the path of a file."""
    where = f"{entry.environment}/{entry.unit}"
    return f"{where} {entry.kind} {entry.name}" if entry.kind else f"{where}/{entry.name}"


def _everywhere(name: str, places: list[tuple[Entry, Field]]) -> SharedChange:
    field = places[0][1]
    count = sum(1 + len(item.others) for _, item in places)
    return SharedChange(name, field.verdict, field.old, field.new, tuple(title(entry) for entry, _ in places), count)


def _alike(field: Field) -> _ChangeKey:
    name = _LAST.search(_ITEM.sub("", field.path))
    # `repr` distinguishes booleans from numbers; it is only compared.
    return _ChangeKey(name[0] if name else field.path, field.verdict, repr((field.old, field.new, field.hunk)))
