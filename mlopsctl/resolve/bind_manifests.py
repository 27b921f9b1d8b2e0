"""The manifests that a spec names, bound to what was read of their files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from mlopsctl.resolve.documents import Document
from mlopsctl.resolve.model import Manifest
from mlopsctl.resolve.origin import Origin
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, Scalar, find
from mlopsctl.spec.extra import Extra

_FILE = "file"


def manifests(specs: Mapping[str, Extra], owner: str, documents: Mapping[str, Document]) -> dict[str, Manifest]:
    """Bind the manifests of a spec; `owner` is the spec's file, `documents` are the manifests read, by file."""
    bound = {}
    for name, spec in specs.items():
        file = posixpath.join(posixpath.dirname(owner), spec.file)
        document = documents.get(file)
        bound[name] = Manifest(spec, file, Origin(file, document.node) if document else None)
    return bound


def named_files(node: Node) -> Iterator[Scalar]:
    """Yield the names of the files of manifests that a spec has, overrides included, as it writes them."""
    yield from _files(find(node, ("spec", "extra")), 1)
    overrides = find(node, ("spec", "overrides"))
    for environment in overrides.entries.values() if isinstance(overrides, MappingNode) else ():
        values = environment.value
        for path, entry in values.entries.items() if isinstance(values, MappingNode) else ():
            first, *rest = path.split(".")
            if first == "extra":
                yield from _files(entry.value, 1 - len(rest))


def _files(node: Node | None, depth: int) -> Iterator[Scalar]:
    """Yield the files of a map of manifests (depth 1), of one manifest (0), or a file itself (-1)."""
    if isinstance(node, Scalar) and depth < 0:
        yield node
    elif isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            if depth > 0 or key == _FILE:
                yield from _files(entry.value, depth - 1)
