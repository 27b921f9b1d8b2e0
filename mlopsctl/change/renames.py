"""Things that were renamed on purpose, given their new names on the old side, so that only real differences remain.

In: a Blueprint as plain data, and the renames that the new spec tells. Out: the same data under the new names, and
which renames happened. Never guesses a rename.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Rename(NamedTuple):
    """A thing of a section (`features.views`), its old name and its new one."""

    section: str
    old: str
    new: str

    @property
    def path(self) -> str:
        """The thing's path under its new name."""
        return f"{self.section}.{self.new}"


_PARTS = {
    "features.entities": "entities",
    "features.views": "views",
    "features.transforms": "transforms",
    "features.sets": "sets",
    "data.sources": "sources",
}


def happened(renamed: Mapping[str, str], before: dict[str, Any], after: dict[str, Any]) -> Iterator[Rename]:
    """Yield the renames that this change makes: the old name was there, and the new one is."""
    for path, old in renamed.items():
        section, _, new = path.rpartition(".")
        if old in _names(before, section) and new in _names(after, section) and new not in _names(before, section):
            yield Rename(section, old, new)


def _names(blueprint: dict[str, Any], section: str) -> set[str]:
    if section == "serving.endpoints":
        return {one["spec_name"] for one in blueprint["endpoints"]}
    part = _PARTS.get(section)
    features = blueprint.get("features")
    return {one["name"] for one in features[part]} if part and features else set()


def renamed(blueprint: dict[str, Any], rename: Rename, system: str) -> dict[str, Any]:
    """Return a Blueprint's data with the thing of `system` under its new name wherever it is named."""
    return {key: _walk(value, rename, system, (key,)) for key, value in blueprint.items()}


_KEYS: Mapping[str, frozenset[str]] = {
    "features.entities": frozenset({"entity"}),
    "features.views": frozenset({"view", "producer"}),
    "features.transforms": frozenset({"producer"}),
    "features.sets": frozenset({"features"}),
    "data.sources": frozenset({"source"}),
    "serving.endpoints": frozenset({"endpoint"}),
}


def _walk(value: Any, rename: Rename, system: str, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(key, inner, value, rename, system, path) for key, inner in value.items()}
    if isinstance(value, list):
        if rename.section == "features.transforms" and path[-1] == "transforms":
            value = [rename.new if one == rename.old else one for one in value]
        return [_walk(one, rename, system, path) for one in value]
    return value


def _renamed(key: str, value: Any, owner: dict[str, Any], rename: Rename, system: str, path: tuple[str, ...]) -> Any:
    mine = owner.get("system", system) == system
    here = path[-1] in (_PARTS.get(rename.section), "lookups" if rename.section == "features.views" else "")
    if value == rename.old and mine and (key in _KEYS[rename.section] or (key == "name" and here)):
        return rename.new
    if rename.section == "serving.endpoints" and path[-1] == "endpoints" and key == "spec_name" and value == rename.old:
        return rename.new
    return _walk(value, rename, system, (*path, key))
