"""The leaves in which two plain values differ, by path; lists of named objects are matched by name, not by index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

Path = tuple[str, ...]


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = _Absent()
ORDER: Final = "(order)"
"""The last part of a path where only the order of named objects differs."""

_KEYS: Final = ("name", "metric", "stage", "severity")
_ROUTE: Final = frozenset({"severity", "kind", "name"})
"""The fields of a route, which is matched by its severity: its name is the receiver's."""
_LEFT_OUT: Final = frozenset({"annotations", "pod"})
"""Fields that are left out while they are empty, as are the maps in them: what they hold is compared by its keys."""
_OF_THE_SPEC: Final = "spec_name"
"""Objects with one name in the spec and another when rendered are matched by the spec's name."""


class Difference(NamedTuple):
    """A path with its values before and after; `ABSENT` on one side for an addition or removal."""

    path: Path
    old: Any
    new: Any


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[Difference]:
    """Yield every leaf in which two values differ."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_mappings(old, new, path)
    elif _is_named_list(old) and _is_named_list(new):
        before, after = _by_name(old), _by_name(new)
        yield from _of_mappings(before, after, path)
        common = [name for name in before if name in after]
        if common != [name for name in after if name in before]:
            yield Difference((*path, ORDER), tuple(before), tuple(after))
    else:
        yield Difference(path, old, new)


def _of_mappings(old: dict[str, Any], new: dict[str, Any], path: Path) -> Iterator[Difference]:
    for key in dict.fromkeys((*old, *new)):
        key_path = (*path, key)
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        if not _LEFT_OUT.isdisjoint(key_path[-2:]):
            before, after = _empty(before, after), _empty(after, before)
        if ABSENT in (before, after):
            yield Difference(key_path, before, after)
        else:
            yield from differences(before, after, key_path)


def _empty(value: Any, other: Any) -> Any:
    """Return an empty map or list for one that is absent beside `other`; any other value as it is."""
    return type(other)() if value is ABSENT and (isinstance(other, dict) or _is_named_list(other)) else value


def _is_named_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and _name(item) is not None for item in value)


def _name(entry: dict[str, Any]) -> str | None:
    if entry.keys() == _ROUTE:
        return str(entry["severity"])
    name = entry.get(_OF_THE_SPEC) or next((entry[key] for key in _KEYS if key in entry), None)
    return name if isinstance(name, str) else None


def _by_name(values: list[dict[str, Any]]) -> dict[str, Any]:
    """Key objects by name; a repeated name gets a number."""
    by_name: dict[str, Any] = {}
    for value in values:
        name = _name(value) or ""
        by_name[name if name not in by_name else f"{name}#{len(by_name)}"] = value
    return by_name
