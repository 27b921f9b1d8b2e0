"""The leaves in which two values differ, by path: lists of named things are matched by name, not by place.

In: two plain values. Out: differences. Never knows what the values mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

Path = tuple[str, ...]


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = _Absent()
ORDER: Final = "(order)"
"""The last part of a path where named things only stand in another order."""

_KEYS: Final = ("name", "metric", "stage", "severity")
_ROUTE: Final = frozenset({"severity", "kind", "name"})
"""A route is the one of its severity; its name says where it leads."""
_OF_THE_SPEC: Final = "spec_name"
"""What has a name in the spec and another when rendered is matched by the spec's."""


class Difference(NamedTuple):
    """A path and what stands there before and after; `ABSENT` on one side where the thing came or went."""

    path: Path
    old: Any
    new: Any


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[Difference]:
    """Yield every leaf in which two values differ."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_mappings(old, new, path)
    elif _named(old) and _named(new):
        before, after = _by_name(old), _by_name(new)
        yield from _of_mappings(before, after, path)
        kept = [name for name in before if name in after]
        if kept != [name for name in after if name in before]:
            yield Difference((*path, ORDER), tuple(before), tuple(after))
    else:
        yield Difference(path, old, new)


def _of_mappings(old: dict[str, Any], new: dict[str, Any], path: Path) -> Iterator[Difference]:
    for key in dict.fromkeys((*old, *new)):
        here = (*path, key)
        if key in old and key in new:
            yield from differences(old[key], new[key], here)
        else:
            yield Difference(here, old.get(key, ABSENT), new.get(key, ABSENT))


def _named(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and _name(one) is not None for one in value)


def _name(one: dict[str, Any]) -> str | None:
    if one.keys() == _ROUTE:
        return str(one["severity"])
    found = one.get(_OF_THE_SPEC) or next((one[key] for key in _KEYS if key in one), None)
    return found if isinstance(found, str) else None


def _by_name(values: list[dict[str, Any]]) -> dict[str, Any]:
    """Name each thing; a second one of a name is told apart by its number."""
    found: dict[str, Any] = {}
    for one in values:
        name = _name(one) or ""
        found[name if name not in found else f"{name}#{len(found)}"] = one
    return found
