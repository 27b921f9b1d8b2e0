"""Which specs of a workspace a change can reach, told mostly from their text.

In: the specs' texts, those that differ and both trees of any. Out: the specs that must be read for the same plan that
reading all of them gives. Rather names one too many than one too few. Never reads a file.
"""

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
    """The specs of both sides: each one's text, and its tree here and there, where it is."""

    texts: Mapping[Path, bytes]
    here: Callable[[Path], Node | None]
    there: Callable[[Path], Node | None]

    def trees(self, specs: Iterable[Path]) -> list[Node]:
        """Return both trees of each."""
        found = (side(spec) for spec in sorted(specs) for side in (self.here, self.there))
        return [node for node in found if node is not None]


def reached(specs: Specs, changed: set[Path], locked: Iterable[str]) -> frozenset[Path] | None:
    """Return the specs to read; None where one refers to a system whose spec cannot be told from its text.

    `locked` are the names of images and models that the lock settles differently.
    """
    locked = tuple(locked)
    changed = changed | {spec for spec, text in specs.texts.items() if any(may_name(text, name) for name in locked)}
    names = {name for node in specs.trees(changed) if (name := name_of(node))}
    reading = {spec for spec, text in specs.texts.items() if any(f"{name}:".encode() in text for name in names)}
    kept = changed | reading | _rivals(specs, changed)
    return _with_read(specs, _on_both_sides(specs, kept))


def may_name(text: bytes, name: str) -> bool:
    """Tell whether a file can hold a name: as it is, out of variables of an environment, or in escapes."""
    return name.encode() in text or any(one.fullmatch(name.encode()) for one in _open(text))


@cache
def _open(text: bytes) -> tuple[re.Pattern[bytes], ...]:
    """Return what a text may hold that it does not spell out."""
    if _ESCAPED.search(text):
        return (re.compile(b".*"),)
    words = (map(re.escape, _VARIABLE.split(word)) for word in set(_FILLED.findall(text)))
    return tuple(re.compile(b".*".join(parts)) for parts in words)


def _rivals(specs: Specs, changed: set[Path]) -> set[Path]:
    """Return the specs that may have a thing of a name which the change brings: no two systems may."""
    now = {one for spec in changed for one in _claims(specs.here(spec))}
    then = {one for spec in changed for one in _claims(specs.there(spec))}
    taken, entities = ({name for name, what in now - then if bool(what) is shared} for shared in (False, True))
    found = {spec for name in taken for spec in _naming(name, specs.texts)}
    for name in entities:
        # An entity may be in several systems, as long as it is the same: most are written the same, too.
        same = {each for spec in changed for each in _inline(name).findall(specs.texts[spec])}
        found |= {
            spec
            for spec in _naming(name, specs.texts)
            if len(same) != 1 or same != {*_inline(name).findall(specs.texts[spec])}
        }
    return found


def _naming(name: str, texts: Mapping[Path, bytes]) -> set[Path]:
    """Return the specs that have a key of this name."""
    pattern = re.compile(rb"(?<![-\w])" + re.escape(name.encode()) + rb"[\"']?\s*[:\r\n]")
    return {spec for spec, text in texts.items() if name.encode() in text and pattern.search(text)}


def _inline(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![-\w])" + re.escape(name.encode()) + rb": *\{[^{}\n]*\}")


def _claims(node: Node | None) -> Iterator[tuple[str, str]]:
    """Yield the names that a system takes for itself, and entities with what they are."""
    if not isinstance(node, MappingNode):
        return
    yield name_of(node) or "", ""
    for path in _SHARED:
        section = find(node, path)
        for name, entry in section.entries.items() if isinstance(section, MappingNode) else ():
            yield name, str(plain(entry.value)) if path[-1] == "entities" else ""
    overrides = find(node, ("spec", "overrides"))
    for where, _ in leaves(overrides) if overrides else ():
        words = _words(where[1:])
        if ("spec", *words[:2]) in _SHARED and len(words) > 2:
            yield words[2], ""


def _words(path: Iterable[str | int]) -> list[str]:
    """Split a path into its words: an override's key holds several."""
    return ".".join(map(str, path)).split(".")


def _on_both_sides(specs: Specs, kept: set[Path]) -> set[Path]:
    """Add a spec where one side would have none: its environments are there, and would seem to come or go."""
    for side in (specs.here, specs.there):
        if not any(side(spec) for spec in kept):
            kept = kept | {*[spec for spec in sorted(specs.texts) if side(spec)][:1]}
    return kept


def _with_read(specs: Specs, kept: set[Path]) -> frozenset[Path] | None:
    """Add the specs that these read, and that those read."""
    known: set[str] = set()
    while asked := {name for node in specs.trees(kept) for name in _references(node)} - known:
        for name in asked:
            defining = _defining(name, specs.texts)
            if not defining:
                return None
            kept = kept | defining
        known |= asked
    return frozenset(kept)


def _references(node: Node) -> Iterator[str]:
    """Yield the systems that a spec names in references."""
    for path, scalar in leaves(node):
        found = _REFERENCE.match(scalar.text) if "sets" in _words(path) else None
        if found:
            yield found[1]


def _defining(name: str, texts: Mapping[Path, bytes]) -> set[Path]:
    pattern = re.compile(rb"\bname:\s*[\"']?" + re.escape(name.encode()) + rb"(?![-a-z0-9])")
    return {spec for spec, text in texts.items() if pattern.search(text)}
