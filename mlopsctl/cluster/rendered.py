"""The rendered objects that delivery applies, and the fields that its sync ignores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from mlopsctl.cluster.contexts import OWN, same_server
from mlopsctl.engines.known import engines
from mlopsctl.manifest_diff.reader import TreeObject, tree_objects

APPLIED = ("manifests", "runs", "bootstrap")
"""The folders of a target that contain only objects."""

Pointer = tuple[str, ...]


class Ignored(Struct, frozen=True):
    """Fields of a kind that an Application's sync ignores."""

    group: str
    kind: str
    pointers: tuple[Pointer, ...]


def applied(files: Mapping[str, str]) -> list[TreeObject]:
    """Return the applied objects, in the order of their paths."""
    return [obj for path in sorted(files) if _is_applied(path) for obj in tree_objects(path, files[path]) if obj.kind]


def _is_applied(path: str) -> bool:
    parts = path.split("/")
    return len(parts) > 4 and parts[3] in APPLIED


def is_delivery(obj: TreeObject) -> bool:
    """Return whether an object is the delivery engine's own: it lives in that engine's cluster."""
    return obj.file.partition("/")[0] in {entry.folder for entry in engines("delivery")}


def in_own_cluster(objects: Sequence[TreeObject], cluster: str) -> list[TreeObject]:
    """Return the objects in the environment's own cluster."""
    return [obj for obj in objects if not is_delivery(obj) or same_server(cluster, OWN)]


def ignored(objects: Sequence[TreeObject], unit: str) -> list[Ignored]:
    """Return the fields that the Application of a unit ignores."""
    rules = [rule for obj in objects if obj.kind == "Application" and obj.unit == unit for rule in _rules(obj.value)]
    return [
        Ignored(str(rule.get("group", "")), str(rule.get("kind", "")), tuple(_pointers(rule.get("jsonPointers") or ())))
        for rule in rules
    ]


def _rules(application: Any) -> Sequence[Mapping[str, Any]]:
    return (application.get("spec") or {}).get("ignoreDifferences") or ()


def _pointers(pointers: Sequence[str]) -> Iterator[Pointer]:
    for pointer in pointers:
        yield tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
