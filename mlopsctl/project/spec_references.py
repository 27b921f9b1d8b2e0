"""Determine the specs of a workspace that a change can affect, mostly from their text; may return too many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mlopsctl.resolve.documents import name_of
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, find, leaves, plain

_REFERENCE = re.compile(r"([a-z][-a-z0-9]*):[a-z_]")
_FILLED = re.compile(rb"[^\s\"',\[\]{}]*\$\{[^\s\"',\[\]]*")
_VARIABLE = re.compile(rb"\$\{[^}]*\}?")
_ESCAPED = re.compile(rb"\\[xuU\r\n]")
_SHARED = (
    ("spec", "data", "sources"),
    ("spec", "features", "entities"),
    ("spec", "features", "views"),
    ("spec", "features", "transforms"),
    ("spec", "features", "sets"),
)
"""The sections whose names all systems of an environment share."""


class Specs(NamedTuple):
    """The specs of both sides: their texts, and their trees on each side, if they exist."""

    texts: Mapping[Path, bytes]
    current: Callable[[Path], Node | None]
    at_ref: Callable[[Path], Node | None]

    def trees(self, specs: Iterable[Path]) -> list[Node]:
        """Return both trees of each spec."""
        nodes = (side(spec) for spec in sorted(specs) for side in (self.current, self.at_ref))
        return [node for node in nodes if node is not None]


def reached(specs: Specs, changed: set[Path], locked: Iterable[str]) -> frozenset[Path] | None:
    """Return the specs to read; None if the spec of a referenced system cannot be determined from texts.

    `locked` are the names of images and models with different lock entries.
    """
    locked = tuple(locked)
    changed = changed | {spec for spec, text in specs.texts.items() if any(may_name(text, name) for name in locked)}
    names = {name for node in specs.trees(changed) if (name := name_of(node))}
    reading = {spec for spec, text in specs.texts.items() if any(f"{name}:".encode() in text for name in names)}
    required = changed | reading | _rivals(specs, changed)
    return _with_read(specs, _on_both_sides(specs, required))


def may_name(text: bytes, name: str) -> bool:
    """Return whether a file can contain a name: literally, by variables of an environment, or in escapes."""
    return name.encode() in text or any(variable_pattern.fullmatch(name.encode()) for variable_pattern in _open(text))


@cache
def _open(text: bytes) -> tuple[re.Pattern[bytes], ...]:
    """Return the parts of a text that may contain names not written literally."""
    if _ESCAPED.search(text):
        return (re.compile(b".*"),)
    variable_parts = (map(re.escape, _VARIABLE.split(word)) for word in set(_FILLED.findall(text)))
    return tuple(re.compile(b".*".join(parts)) for parts in variable_parts)


def _rivals(specs: Specs, changed: set[Path]) -> set[Path]:
    """Return the specs that may define a name that the change adds: names must be unique across systems."""
    now = {claim for spec in changed for claim in _claims(specs.current(spec))}
    then = {claim for spec in changed for claim in _claims(specs.at_ref(spec))}
    names, entities = ({name for name, content in now - then if bool(content) is shared} for shared in (False, True))
    paths = {spec for name in names for spec in _naming(name, specs.texts)}
    for name in entities:
        # Several systems may define the same entity; equal definitions usually have equal text.
        same = {text for spec in changed for text in _inline(name).findall(specs.texts[spec])}
        paths |= {
            spec
            for spec in _naming(name, specs.texts)
            if len(same) != 1 or same != {*_inline(name).findall(specs.texts[spec])}
        }
    return paths


def _naming(name: str, texts: Mapping[Path, bytes]) -> set[Path]:
    """Return the specs that have a key of this name."""
    pattern = re.compile(rb"(?<![-\w])" + re.escape(name.encode()) + rb"[\"']?\s*[:\r\n]")
    return {spec for spec, text in texts.items() if name.encode() in text and pattern.search(text)}


def _inline(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![-\w])" + re.escape(name.encode()) + rb": *\{[^{}\n]*\}")


def _claims(node: Node | None) -> Iterator[tuple[str, str]]:
    """Yield the names that must be unique, and entities with their definition."""
    if not isinstance(node, MappingNode):
        return
    yield name_of(node) or "", ""
    for path in _SHARED:
        section = find(node, path)
        for name, entry in section.entries.items() if isinstance(section, MappingNode) else ():
            yield name, str(plain(entry.value)) if path[-1] == "entities" else ""
    overrides = find(node, ("spec", "overrides"))
    for where, _ in leaves(overrides) if overrides else ():
        parts = _path_parts(where[1:])
        if ("spec", *parts[:2]) in _SHARED and len(parts) > 2:
            yield parts[2], ""


def _path_parts(path: Iterable[str | int]) -> list[str]:
    """Split a path into its words: an override's key contains several."""
    return ".".join(map(str, path)).split(".")


def _on_both_sides(specs: Specs, chosen: set[Path]) -> set[Path]:
    """Add a spec if one side would have none: otherwise its environments would seem added or removed."""
    for side in (specs.current, specs.at_ref):
        if not any(side(spec) for spec in chosen):
            first = next((spec for spec in sorted(specs.texts) if side(spec)), None)
            chosen = chosen | {first} if first else chosen
    return chosen


def _with_read(specs: Specs, chosen: set[Path]) -> frozenset[Path] | None:
    """Add the specs that these read, transitively."""
    followed: set[str] = set()
    while unfollowed := {name for node in specs.trees(chosen) for name in _references(node)} - followed:
        for name in unfollowed:
            defined = defining_specs(name, specs.texts)
            if not defined:
                return None
            chosen = chosen | defined
        followed |= unfollowed
    return frozenset(chosen)


def _references(node: Node) -> Iterator[str]:
    """Yield the systems in references of a spec."""
    for path, scalar in leaves(node):
        match = _REFERENCE.match(scalar.text) if "sets" in _path_parts(path) else None
        if match:
            yield match[1]


def defining_specs(name: str, texts: Mapping[Path, bytes]) -> set[Path]:
    """Return the specs that may define the system `name`."""
    pattern = re.compile(rb"\bname:\s*[\"']?" + re.escape(name.encode()) + rb"(?![-a-z0-9])")
    return {spec for spec, text in texts.items() if pattern.search(text)}
