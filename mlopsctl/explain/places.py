"""The place of a path: its file and line, and whether the file sets it explicitly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlopsctl.blueprint.provenance.paths import LOCK, WORKSPACE, SpecPath
from mlopsctl.diagnostics.model import Span
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.resolve.landscape import resolve
from mlopsctl.source.node import Items, Mapping, Node, Path, find, value_span
from mlopsctl.spec.lock import Lock
from mlopsctl.spec.shape import possible_keys
from mlopsctl.spec.system import MLSystem
from mlopsctl.spec.words import Section
from mlopsctl.spec.workspace import Workspace


class PlacedPath(NamedTuple):
    """A path and its place: of the value, or if it is not set, of its nearest ancestor in the file.

    `span` is None if the project has no such document; `overridden` is true if an override set the value.
    """

    path: SpecPath
    span: Span | None
    is_set: bool
    overridden: bool = False


class _ResolvedDocument(NamedTuple):
    """A document as resolved for an environment, and as written in its file."""

    root: type[Section]
    node: Node
    written_node: Node


class Places:
    """The documents of one environment, by their names in paths."""

    def __init__(self, documents: Documents, environment: str) -> None:
        landscapes, _ = resolve(documents)
        resolved = next(landscape for landscape in landscapes if landscape.environment.name == environment)
        by_file = {document.file: document.node for document in documents.systems}
        self.environment = environment
        self._seen = {
            name: _ResolvedDocument(MLSystem, system.origin.node, by_file[system.origin.file])
            for name, system in resolved.systems.items()
        }
        self._add(WORKSPACE, Workspace, documents.workspace)
        self._add(LOCK, Lock, documents.lock)

    def _add(self, name: str, root: type[Section], document: Document | None) -> None:
        if document:
            self._seen[name] = _ResolvedDocument(root, document.node, document.node)

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents."""
        return tuple(self._seen)

    def place_of(self, path: SpecPath) -> PlacedPath:
        """Return the place of a path."""
        document = self._seen.get(path.document)
        if document is None:
            return PlacedPath(path, None, is_set=False)
        keys = _keys(document.node, path)
        span = value_span(document.node, keys)
        is_set = find(document.node, keys) is not None
        return PlacedPath(path, span, is_set, is_set and self._overridden(document, span))

    def _overridden(self, document: _ResolvedDocument, span: Span) -> bool:
        section = find(document.written_node, ("spec", "overrides", self.environment))
        return section is not None and section.span.line <= span.line <= section.span.end_line

    def unknown(self, path: SpecPath) -> str | None:
        """Return the first unknown word of a path, with a hint; None if the path is known."""
        document = self._seen.get(path.document)
        if document is None:
            hint = did_you_mean(path.document, self.documents)
            return f"there is no system `{path.document}`; {hint}".rstrip("; ")
        keys = _keys(document.node, path)
        for depth, key in enumerate(keys):
            language = possible_keys(document.root, document.node, keys[:depth])
            candidates = tuple(dict.fromkeys((*_members(document.node, keys[:depth]), *language)))
            if str(key) not in candidates:
                at = ".".join(path.keys[:depth]) or path.document
                return f"`{at}` has no `{key}`; {did_you_mean(str(key), candidates)}".rstrip("; ")
        return None


def _keys(node: Node, path: SpecPath) -> Path:
    """Return the keys for the node tree: list indexes as numbers."""
    keys: Path = ()
    for key in path.keys:
        parent = find(node, keys)
        keys = (*keys, int(key) if isinstance(parent, Items) and key.isdigit() else key)
    return keys


def _members(node: Node, keys: Path) -> Iterator[str]:
    parent = find(node, keys)
    if isinstance(parent, Mapping):
        yield from parent.entries
    elif isinstance(parent, Items):
        yield from map(str, range(len(parent.values)))
