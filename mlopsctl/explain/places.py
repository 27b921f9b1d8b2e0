"""Where a path stands: in which file, at which line, and whether anybody wrote it there.

In: the documents of a project, as an environment sees them. Out: places, and whether a path is one of the language's.
Never reads a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlopsctl.blueprint.origins.paths import LOCK, WORKSPACE, SpecPath
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


class Where(NamedTuple):
    """A path and its place: of the value, or where it is not set, of the nearest thing that the file has.

    `span` is None where the project has no such document; `overridden` says that an override set the value.
    """

    path: SpecPath
    span: Span | None
    is_set: bool
    overridden: bool = False


class _Seen(NamedTuple):
    """A document as an environment sees it, and as it stands in its file."""

    root: type[Section]
    node: Node
    written: Node


class Places:
    """The documents of one environment, by the names that paths call them by."""

    def __init__(self, documents: Documents, environment: str) -> None:
        landscapes, _ = resolve(documents)
        here = next(one for one in landscapes if one.environment.name == environment)
        by_file = {document.file: document.node for document in documents.systems}
        self.environment = environment
        self._seen = {
            name: _Seen(MLSystem, system.origin.node, by_file[system.origin.file])
            for name, system in here.systems.items()
        }
        self._add(WORKSPACE, Workspace, documents.workspace)
        self._add(LOCK, Lock, documents.lock)

    def _add(self, name: str, root: type[Section], document: Document | None) -> None:
        if document:
            self._seen[name] = _Seen(root, document.node, document.node)

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents there are."""
        return tuple(self._seen)

    def where(self, path: SpecPath) -> Where:
        """Return the place of a path."""
        seen = self._seen.get(path.document)
        if seen is None:
            return Where(path, None, is_set=False)
        keys = _keys(seen.node, path)
        span = value_span(seen.node, keys)
        is_set = find(seen.node, keys) is not None
        return Where(path, span, is_set, is_set and self._overridden(seen, span))

    def _overridden(self, seen: _Seen, span: Span) -> bool:
        section = find(seen.written, ("spec", "overrides", self.environment))
        return section is not None and section.span.line <= span.line <= section.span.end_line

    def unknown(self, path: SpecPath) -> str | None:
        """Say at which word a path leaves the language and the file, with a hint; None for one that does not."""
        seen = self._seen.get(path.document)
        if seen is None:
            hint = did_you_mean(path.document, self.documents)
            return f"there is no system `{path.document}`; {hint}".rstrip("; ")
        keys = _keys(seen.node, path)
        for depth, key in enumerate(keys):
            language = possible_keys(seen.root, seen.node, keys[:depth])
            candidates = tuple(dict.fromkeys((*_members(seen.node, keys[:depth]), *language)))
            if str(key) not in candidates:
                at = ".".join(path.keys[:depth]) or path.document
                return f"`{at}` has no `{key}`; {did_you_mean(str(key), candidates)}".rstrip("; ")
        return None


def _keys(node: Node, path: SpecPath) -> Path:
    """Return the keys as the tree takes them: the members of a sequence by number."""
    found: Path = ()
    for key in path.keys:
        here = find(node, found)
        found = (*found, int(key) if isinstance(here, Items) and key.isdigit() else key)
    return found


def _members(node: Node, keys: Path) -> Iterator[str]:
    here = find(node, keys)
    if isinstance(here, Mapping):
        yield from here.entries
    elif isinstance(here, Items):
        yield from map(str, range(len(here.values)))
