"""Match the items of two lists: by name, or by content if they have no names."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from msgspec import Struct

ABSENT: Any = type("Absent", (), {"__repr__": lambda _: "ABSENT"})()
"""The marker of an absent value, because null is a value."""

_NAMES = ("name", "alert", "record", "key", "uid", "title", "secretKey", "path", "mountPath", "id", "kind", "port")
_LONGEST = 2000


class Pair(Struct, frozen=True):
    """An item before and after; `label` is its name in a path."""

    label: str
    old: Any
    new: Any


def paired(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Pair], bool]:
    """Return the pairs in the new order, removed items last, and whether the remaining items changed their order."""
    name = next((key for key in _NAMES if _has_key(key, old) and _has_key(key, new)), None)
    if name is None or not (old or new):
        return _by_content(old, new)
    befores, afters = _grouped(old, name), _grouped(new, name)
    common = befores.keys() & afters.keys()
    labels = {**afters, **befores}
    pairs = [pair for label in labels for pair in _alike(label, befores.get(label, []), afters.get(label, []))]
    order = [[_label(item, name) for item in items if _label(item, name) in common] for items in (old, new)]
    moved = list(dict.fromkeys(order[0])) != list(dict.fromkeys(order[1]))
    return pairs, moved


def _has_key(name: str, items: Sequence[Any]) -> bool:
    return all(isinstance(item, dict) and isinstance(item.get(name, _other(item, name)), str | int) for item in items)


def _other(item: dict[str, Any], name: str) -> Any:
    """Return the key of a rule's name: a rule is an alert or a recorded series."""
    return item.get("record") if name == "alert" else None


def _label(item: dict[str, Any], name: str) -> str:
    return str(item.get(name, _other(item, name)))


def _grouped(items: Sequence[Any], name: str) -> defaultdict[str, list[Any]]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for item in items:
        groups[_label(item, name)].append(item)
    return groups


def _alike(label: str, old: list[Any], new: list[Any]) -> Iterator[Pair]:
    """Match items with the same name: equal ones first, the rest in their order."""
    if len(old) <= 1 and len(new) <= 1:
        yield Pair(label, old[0] if old else ABSENT, new[0] if new else ABSENT)
        return
    before, after = ([_content(item) for item in items] for items in (old, new))
    removed = [item for item, content in zip(old, before, strict=True) if content not in after]
    for i, (new_item, content) in enumerate(zip(new, after, strict=True), 1):
        if content not in before:
            yield Pair(f"{label}#{i}", removed.pop(0) if removed else ABSENT, new_item)
    for i, old_item in enumerate(removed, len(new) + 1):
        yield Pair(f"{label}#{i}", old_item, ABSENT)


def _content(item: Any) -> str:
    """Return a comparable form of an item, in which 1 and True differ."""
    return json.dumps(item, sort_keys=True, default=str)


def _by_content(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Pair], bool]:
    """Match items without names: by equal content, then by position."""
    before, after = ([_content(item) for item in items] for items in (old, new))
    if before != after and sorted(before) == sorted(after):
        return [], True
    if len(before) + len(after) > _LONGEST:
        blocks = [(0, len(old), 0, len(new))]
    else:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        blocks = [block for tag, *block in matcher.get_opcodes() if tag != "equal"]  # type: ignore[misc]
    return [pair for block in blocks for pair in _in_place(old, new, *block)], False


def _in_place(old: Sequence[Any], new: Sequence[Any], a: int, b: int, c: int, d: int) -> Iterator[Pair]:
    for i in range(max(b - a, d - c)):
        before = old[a + i] if a + i < b else ABSENT
        after = new[c + i] if c + i < d else ABSENT
        items, at = (new, c + i) if after is not ABSENT else (old, a + i)
        yield Pair(_flag(items, at) or str(at), before, after)


def _flag(items: Sequence[Any], at: int) -> str:
    """Return the option whose value an item is, in a list of arguments; empty if there is none."""
    before, item = (items[at - 1] if at else None), items[at]
    is_value = isinstance(before, str) and before.startswith("--") and isinstance(item, str) and item[:1] != "-"
    return str(before) if is_value else ""
