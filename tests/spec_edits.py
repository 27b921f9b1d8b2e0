"""Every value of an example's documents, changed to another of its kind.

In: documents that were read. Out: for each value the edits that may do: whether one is allowed, a check tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from mlopsctl.blueprint.provenance.paths import LOCK, WORKSPACE, SpecPath
from mlopsctl.resolve.documents import Document, Documents, name_of
from mlopsctl.source.node import Entry, Items, Mapping, Node, Path, Scalar, ScalarValue, leaves

_UNTOUCHED = ("apiVersion", "kind")


class Edit(NamedTuple):
    """One value that became another. `where` is the place that it has in an environment: an override's, the value's."""

    where: SpecPath
    old: ScalarValue
    new: ScalarValue
    documents: Documents


def edits(documents: Documents) -> Iterator[list[Edit]]:
    """Yield for each value of each document the edits that may do, the likeliest first."""
    for document in documents.systems:
        yield from _edits(documents, str(name_of(document.node)), document)
    for name, entry in ((WORKSPACE, documents.workspace), (LOCK, documents.lock)):
        if entry:
            yield from _edits(documents, name, entry)


def _edits(documents: Documents, name: str, document: Document) -> Iterator[list[Edit]]:
    for path, leaf in leaves(document.node):
        if path[0] not in _UNTOUCHED:
            where = SpecPath(name, tuple(map(str, _grafted(path))))
            yield [
                Edit(where, leaf.value, new, _with(documents, document, replaced(document.node, path, new)))
                for new in others(leaf.value)
            ]


def _grafted(path: Path) -> Path:
    """Return where an override's value goes."""
    return ("spec", *str(path[3]).split("."), *path[4:]) if path[:2] == ("spec", "overrides") else path


def others(value: ScalarValue) -> Iterator[ScalarValue]:
    """Yield values of the same kind."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, float):
        yield from (value * 0.9, value * 1.1)
    elif isinstance(value, str):
        yield from _texts(value)


_WORDS = (
    ("page", "ticket"),
    ("int64", "int32"),
    ("float64", "float32"),
    ("ks", "psi"),
    ("cramers-v", "psi"),
    ("rps", "cpu"),
    ("canary", "direct"),
    ("sklearn", "lightgbm"),
    ("Etc/UTC", "Europe/Paris"),
)


def _texts(value: str) -> Iterator[str]:
    yield from (pair[pair[0] == value] for pair in _WORDS if value in pair)
    if number := re.fullmatch(r"(\d+)(\.\d+)?(%|[a-zA-Z]+)?", value):
        whole, rest = int(number[1]), (number[2] or "") + (number[3] or "")
        yield from (f"{whole * 2}{rest}", f"{whole + 1}{rest}", f"{max(whole // 2, 1)}{rest}", f"{whole - 1}{rest}")
    if value.endswith("%"):
        yield "99.5%"
    if cron := re.fullmatch(r"(\d+) (.*)", value):
        yield f"{int(cron[1]) + 1} {cron[2]}"
    if "/" in value or ":" in value:
        yield f"{value}2"
    yield from (f"{value}x", f"{value} indeed")


def replaced(node: Node, path: Path, value: ScalarValue) -> Node:
    """Return the tree with another value at a path; every position stays."""
    if isinstance(node, Scalar):
        return Scalar(value, node.span, str(value))
    if isinstance(node, Items):
        values = [replaced(each, path[1:], value) if n == path[0] else each for n, each in enumerate(node.values)]
        return Items(tuple(values), node.span)
    entry = node.entries[str(path[0])]
    changed = Entry(entry.key, replaced(entry.value, path[1:], value))
    return Mapping({**node.entries, str(path[0]): changed}, node.span)


def without(node: Node, key: str) -> Node:
    """Return the tree without a key, wherever it stands."""
    if isinstance(node, Mapping):
        kept = {
            name: Entry(entry.key, without(entry.value, key)) for name, entry in node.entries.items() if name != key
        }
        return Mapping(kept, node.span)
    return node


def _with(documents: Documents, old: Document, node: Node) -> Documents:
    new = Document(old.file, node)
    if documents.workspace is old:
        return replace(documents, workspace=new)
    if documents.lock is old:
        return replace(documents, lock=new)
    return replace(documents, systems=tuple(new if system is old else system for system in documents.systems))
