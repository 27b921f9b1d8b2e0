"""Which rendered objects go to a cluster, and what a sync leaves alone.

In: rendered files of one environment. Out: objects by where they are rendered. Never reads a file that no Application
applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from mlopsctl.change.manifests_read import Thing, things
from mlopsctl.cluster.contexts import OWN, same

APPLIED = ("manifests", "runs", "bootstrap")
"""The folders of a target that hold objects and nothing else."""
DELIVERY = "argocd"
"""The target whose objects live in Argo CD's cluster, wherever the environment's is."""

Pointer = tuple[str, ...]


class Ignored(Struct, frozen=True):
    """Fields of a kind that an Application's sync leaves alone."""

    group: str
    kind: str
    pointers: tuple[Pointer, ...]


def applied(files: Mapping[str, str]) -> list[Thing]:
    """Return the objects that are applied, in the order of their paths."""
    return [thing for path in sorted(files) if _is_applied(path) for thing in things(path, files[path]) if thing.kind]


def _is_applied(path: str) -> bool:
    parts = path.split("/")
    return len(parts) > 4 and parts[3] in APPLIED


def is_delivery(thing: Thing) -> bool:
    """Tell whether an object is one of Argo CD's own."""
    return thing.file.startswith(f"{DELIVERY}/")


def here(found: Sequence[Thing], cluster: str) -> list[Thing]:
    """Return the objects that live in the environment's own cluster."""
    return [one for one in found if not is_delivery(one) or same(cluster, OWN)]


def ignored(found: Sequence[Thing], unit: str) -> list[Ignored]:
    """Return what the Application of a unit tells Argo CD to ignore."""
    rules = [rule for one in found if one.kind == "Application" and one.unit == unit for rule in _rules(one.value)]
    return [
        Ignored(str(rule.get("group", "")), str(rule.get("kind", "")), tuple(_pointers(rule.get("jsonPointers") or ())))
        for rule in rules
    ]


def _rules(application: Any) -> Sequence[Mapping[str, Any]]:
    return (application.get("spec") or {}).get("ignoreDifferences") or ()


def _pointers(pointers: Sequence[str]) -> Iterator[Pointer]:
    for pointer in pointers:
        yield tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
