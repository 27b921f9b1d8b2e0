"""Things that were renamed on purpose, given their new names on the old side, so that only real differences remain.

In: a Blueprint as plain data, and the renames that the new specs tell. Out: the same data under the new names, and
which renames happened. Never guesses a rename.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


_ALSO = {"features.views": "lookups", "data.sources": "rows"}
"""Where else than in its section a thing stands whole."""


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
    features, label = blueprint.get("features"), (blueprint.get("model") or {}).get("label")
    named = features[part] if part and features else ()
    rows = [label["rows"]] if section == "data.sources" and label else []
    return {one["name"] for one in (*named, *rows)}


def renamed(blueprint: dict[str, Any], rename: Rename, system: str) -> dict[str, Any]:
    """Return a Blueprint's data with the thing of `system` under its new name wherever it is named."""
    return _Naming(rename, system, system).again(blueprint)


def read_under(blueprint: dict[str, Any], own: str, elsewhere: Iterable[tuple[str, Rename]]) -> dict[str, Any]:
    """Return the data of system `own` with the new names of other systems, and of what it reads of them."""
    for system, rename in elsewhere:
        if system != own:
            blueprint = _Naming(rename, system, own).again(blueprint)
    return blueprint


_KEYS: Mapping[str, frozenset[str]] = {
    "features.entities": frozenset({"entity"}),
    "features.views": frozenset({"view", "producer"}),
    "features.transforms": frozenset({"producer"}),
    "features.sets": frozenset({"features"}),
    "data.sources": frozenset({"source"}),
    "serving.endpoints": frozenset({"endpoint"}),
    "metadata": frozenset(),
}
_ALSO = {"features.views": "lookups", "data.sources": "rows"}
"""Where else than in its section a thing stands whole."""


class _Naming(NamedTuple):
    """Names a thing of `system` anew in the data of system `own`."""

    rename: Rename
    system: str
    own: str

    def again(self, blueprint: dict[str, Any]) -> dict[str, Any]:
        return {key: self._walk(value, (key,)) for key, value in blueprint.items()}

    def _walk(self, value: Any, path: tuple[str, ...]) -> Any:
        section, old, new = self.rename
        if isinstance(value, dict):
            return {key: self._value(key, inner, value, path) for key, inner in value.items()}
        if isinstance(value, list):
            if section == "features.transforms" and path[-1] == "transforms" and self.system == self.own:
                value = [new if one == old else one for one in value]
            return [self._walk(one, path) for one in value]
        return value

    def _value(self, key: str, value: Any, owner: dict[str, Any], path: tuple[str, ...]) -> Any:
        section, old, new = self.rename
        if value == old and section == "metadata" and key == "system":
            return new
        if value == old and owner.get("system", self.own) == self.system:
            here = path[-1] in (_PARTS.get(section), _ALSO.get(section))
            endpoint = section == "serving.endpoints" and path[-1] == "endpoints" and key == "spec_name"
            if key in _KEYS[section] or (key == "name" and here) or endpoint:
                return new
        return self._walk(value, (*path, key))
