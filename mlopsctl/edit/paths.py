"""A dotted path that a person typed, as a place of a document.

In: the document's kind and tree, and the path. Out: the place, or a finding that says at which word the path leaves the
language or the file. Never changes anything.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.source.node import Items, Mapping, Node, Path, Scalar, find, key_span
from mlopsctl.spec.shape import known_keys, takes_mapping
from mlopsctl.spec.words import Section

_OVERRIDES = ("spec", "overrides")


def locate(root: type[Section], node: Node, dotted: str) -> Path | Diagnostic:
    """Return the place that `dotted` names; `spec.` may be left out, keys may hold dots themselves."""
    words = dotted.split(".")
    if words[0] not in known_keys(root, node, ()):
        words = ["spec", *words]
    path: Path = ()
    while words:
        found = _next(root, node, path, words)
        if isinstance(found, Diagnostic):
            return found
        part, count = found
        path, words = (*path, part), words[count:]
    return path


def with_value(node_value: object, path: Path, value: object) -> Any:
    """Return plain data that differs at `path` alone; mappings on the way there are made."""
    whole = deepcopy(node_value)
    here: Any = whole
    for part in path[:-1]:
        if isinstance(here, dict) and here.get(part) is None:
            here[part] = {}
        here = here[part]
    here[path[-1]] = value
    return whole


def _next(root: type[Section], node: Node, path: Path, words: list[str]) -> tuple[str | int, int] | Diagnostic:
    """Return the next part of the path, and how many words it takes."""
    here = find(node, path)
    if isinstance(here, Items):
        if words[0].isascii() and words[0].isdigit() and int(words[0]) < len(here.values):
            return int(words[0]), 1
        return _unknown(node, path, words[0], f"its items are 0 to {len(here.values) - 1}")
    if isinstance(here, Scalar) and here.value is not None:
        return _unknown(node, path, words[0], f"`{'.'.join(map(str, path))}` is one value, and has nothing below it")
    there = list(here.entries) if isinstance(here, Mapping) else []
    known = known_keys(root, node, path)
    for count in range(len(words), 0, -1):
        if ".".join(words[:count]) in (*there, *known):
            return ".".join(words[:count]), count
    if not known and path[:2] == _OVERRIDES and len(path) == 3:
        return ".".join(words), len(words)
    free = not known and takes_mapping(root, node, path)
    if free and words[0] and (len(words) == 1 or path == _OVERRIDES):
        return words[0], 1
    return _unknown(node, path, words[0], did_you_mean(words[0], dict.fromkeys((*there, *known))))


def _unknown(node: Node, path: Path, word: str, help: str) -> Diagnostic:
    owner = ".".join(map(str, path))
    message = f"`{owner}` has no `{word}`" if owner not in ("", "spec") else f"there is no section `{word}`"
    return codes.UNKNOWN_PATH.at(Place(key_span(node, path)), message, help=help, path=owner)
