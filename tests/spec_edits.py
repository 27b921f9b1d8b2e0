"""Every value of an example's documents, changed to another that is allowed.

In: documents that were read. Out: the same documents with one value changed, where the compile still has no error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.source.node import Entry, Items, Mapping, Node, Path, Scalar, ScalarValue, leaves


class Edit(NamedTuple):
    """One value of one document (`name` is a system's, or `workspace` or `lock`), and what it became."""

    name: str
    path: Path
    old: ScalarValue
    new: ScalarValue
    documents: Documents


def edits(documents: Documents, name: str, document: Document) -> Iterator[tuple[Path, list[Edit]]]:
    """Yield each value's path with the edits that may do, the likeliest first."""
    for path, leaf in leaves(document.node):
        if path[0] in ("apiVersion", "kind"):
            continue
        yield path, [
            Edit(name, path, leaf.value, value, _with(documents, document, replaced(document.node, path, value)))
            for value in others(leaf.value)
        ]


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
    ("champion", "challenger"),
    ("rps", "cpu"),
)


def _texts(value: str) -> Iterator[str]:
    for pair in _WORDS:
        if value in pair:
            yield pair[pair[0] == value]
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
    if not path:
        assert isinstance(node, Scalar)
        return Scalar(value, node.span, str(value))
    if isinstance(node, Items):
        assert isinstance(path[0], int)
        values = list(node.values)
        values[path[0]] = replaced(values[path[0]], path[1:], value)
        return Items(tuple(values), node.span)
    assert isinstance(node, Mapping)
    entries = dict(node.entries)
    entry = entries[str(path[0])]
    entries[str(path[0])] = Entry(entry.key, replaced(entry.value, path[1:], value))
    return Mapping(entries, node.span)


def _with(documents: Documents, old: Document, node: Node) -> Documents:
    new = Document(old.file, node)
    if documents.workspace is old:
        return documents._replace(workspace=new) if hasattr(documents, "_replace") else _replace(documents, workspace=new)
    if documents.lock is old:
        return _replace(documents, lock=new)
    return _replace(documents, systems=tuple(new if one is old else one for one in documents.systems))


def _replace(documents: Documents, **changes: object) -> Documents:
    from msgspec.structs import replace

    return replace(documents, **changes)
