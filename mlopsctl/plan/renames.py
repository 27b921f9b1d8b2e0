"""Apply declared renames to the old side, so that only real differences remain; renames are never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple


class Rename(NamedTuple):
    """A renamed object of a section (`features.views`): its old and its new name."""

    section: str
    old: str
    new: str

    @property
    def path(self) -> str:
        """Return the object's path with its new name."""
        return f"{self.section}.{self.new}"


_PARTS = {
    "features.entities": "entities",
    "features.views": "views",
    "features.transforms": "transforms",
    "features.sets": "sets",
    "data.sources": "sources",
}


_ALSO = {"features.views": "lookups", "data.sources": "rows"}
"""Other lists, besides its section, that contain the whole object."""


def happened(renamed: Mapping[str, str], before: dict[str, Any], after: dict[str, Any]) -> Iterator[Rename]:
    """Yield the renames that this change makes: the old name existed before, the new name exists now."""
    for path, old in renamed.items():
        section, _, new = path.rpartition(".")
        if old in _names(before, section) and new in _names(after, section) and new not in _names(before, section):
            yield Rename(section, old, new)


def _names(blueprint: dict[str, Any], section: str) -> set[str]:
    if section == "serving.endpoints":
        return {endpoint["spec_name"] for endpoint in blueprint["endpoints"]}
    part = _PARTS.get(section)
    features, label = blueprint.get("features"), (blueprint.get("model") or {}).get("label")
    section_rows = features[part] if part and features else ()
    rows = [label["rows"]] if section == "data.sources" and label else []
    return {row["name"] for row in (*section_rows, *rows)}


def renamed(blueprint: dict[str, Any], rename: Rename, system: str) -> dict[str, Any]:
    """Return a Blueprint's data with the new name of an object of `system` wherever it is used."""
    return _Naming(rename, system, system).renamed(blueprint)


def read_under(blueprint: dict[str, Any], own: str, elsewhere: Iterable[tuple[str, Rename]]) -> dict[str, Any]:
    """Return the data of system `own` with the new names of other systems and of their objects."""
    for system, rename in elsewhere:
        if system != own:
            blueprint = _Naming(rename, system, own).renamed(blueprint)
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
"""Other lists, besides its section, that contain the whole object."""


class _Naming(NamedTuple):
    """Rename an object of `system` in the data of system `own`."""

    rename: Rename
    system: str
    own: str

    def renamed(self, blueprint: dict[str, Any]) -> dict[str, Any]:
        return {key: self._walk(value, (key,)) for key, value in blueprint.items()}

    def _walk(self, value: Any, path: tuple[str, ...]) -> Any:
        section, old, new = self.rename
        if isinstance(value, dict):
            return {key: self._value(key, inner, value, path) for key, inner in value.items()}
        if isinstance(value, list):
            if section == "features.transforms" and path[-1] == "transforms" and self.system == self.own:
                value = [new if item == old else item for item in value]
            return [self._walk(item, path) for item in value]
        return value

    def _value(self, key: str, value: Any, owner: dict[str, Any], path: tuple[str, ...]) -> Any:
        section, old, new = self.rename
        if value == old and section == "metadata" and key == "system":
            return new
        if value == old and owner.get("system", self.own) == self.system:
            in_section = path[-1] in (_PARTS.get(section), _ALSO.get(section))
            endpoint = section == "serving.endpoints" and path[-1] == "endpoints" and key == "spec_name"
            if key in _KEYS[section] or (key == "name" and in_section) or endpoint:
                return new
        return self._walk(value, (*path, key))
