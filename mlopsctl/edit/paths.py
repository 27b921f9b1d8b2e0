"""Resolve a dotted path of a user to a path in a document; report the first unknown part."""

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
    """Return the path that `dotted` names; `spec.` is optional, and keys may contain dots."""
    parts = dotted.split(".")
    if parts[0] not in known_keys(root, node, ()):
        parts = ["spec", *parts]
    path: Path = ()
    while parts:
        diagnostic = _next(root, node, path, parts)
        if isinstance(diagnostic, Diagnostic):
            return diagnostic
        part, count = diagnostic
        path, parts = (*path, part), parts[count:]
    return path


def with_value(node_value: object, path: Path, value: object) -> Any:
    """Return plain data that differs only at `path`; missing maps on the way are created."""
    copy = deepcopy(node_value)
    level: Any = copy
    for part in path[:-1]:
        if isinstance(level, dict) and level.get(part) is None:
            level[part] = {}
        level = level[part]
    level[path[-1]] = value
    return copy


def _next(root: type[Section], node: Node, path: Path, parts: list[str]) -> tuple[str | int, int] | Diagnostic:
    """Return the next part of the path, and its number of words."""
    target = find(node, path)
    if isinstance(target, Items):
        if parts[0].isascii() and parts[0].isdigit() and int(parts[0]) < len(target.values):
            return int(parts[0]), 1
        return _unknown(node, path, parts[0], f"use an index from 0 to {len(target.values) - 1}")
    if isinstance(target, Scalar) and target.value is not None:
        return _unknown(node, path, parts[0], f"`{'.'.join(map(str, path))}` is a single value without keys")
    present = list(target.entries) if isinstance(target, Mapping) else []
    language = known_keys(root, node, path)
    for count in range(len(parts), 0, -1):
        if ".".join(parts[:count]) in (*present, *language):
            return ".".join(parts[:count]), count
    if not language and path[:2] == _OVERRIDES and len(path) == 3:
        return ".".join(parts), len(parts)
    free = not language and takes_mapping(root, node, path)
    if free and parts[0] and (len(parts) == 1 or path == _OVERRIDES):
        return parts[0], 1
    return _unknown(node, path, parts[0], did_you_mean(parts[0], dict.fromkeys((*present, *language))))


def _unknown(node: Node, path: Path, part: str, help: str) -> Diagnostic:
    owner = ".".join(map(str, path))
    message = f"`{owner}` has no `{part}`" if owner not in ("", "spec") else f"there is no section `{part}`"
    return codes.UNKNOWN_PATH.at(Place(key_span(node, path)), message, help=help, path=owner)
