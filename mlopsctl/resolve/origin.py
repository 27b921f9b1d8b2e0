"""The origin of a document: its node tree, and the places of its keys and values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from mlopsctl.diagnostics.model import Place, Span
from mlopsctl.diagnostics.suggest import closest
from mlopsctl.source.node import Items, Node, Path, Scalar, find, key_span, value_span
from mlopsctl.spec import system as system_spec
from mlopsctl.spec.shape import known_keys


class SourceText(NamedTuple):
    """A key, text or number of a file."""

    path: Path
    span: Span
    text: str
    is_key: bool


class Origin(Struct, frozen=True):
    """The origin of a document: its node tree with overrides, and its unreadable parts.

    `left_out` are invalid paths, `uncertain` missing ones that an unknown key may be a misspelling of.
    """

    file: str
    node: Node
    left_out: frozenset[Path] = frozenset()
    uncertain: frozenset[Path] = frozenset()

    def value(self, *path: str | int, label: str = "") -> Place:
        """Return the place of the value at `path`, or of its nearest ancestor in the file."""
        return Place(value_span(self.node, path), label)

    def key(self, *path: str | int, label: str = "") -> Place:
        """Return the place of the key at `path`."""
        return Place(key_span(self.node, path), label)

    def has(self, *path: str | int) -> bool:
        """Return whether the file has a value at `path`."""
        return find(self.node, path) is not None

    def source_texts(self) -> Iterator[SourceText]:
        """Yield every key, text and number, in the order of the file."""
        return _source_texts(self.node, ())

    def is_section(self, *path: str | int) -> bool:
        """Return whether the mapping at `path` has keys of the language, not names of the user."""
        return bool(known_keys(system_spec.MLSystem, self.node, path))

    def unreadable(self, *path: str | int) -> bool:
        """Return whether `path`, a child or an ancestor of it is unknown."""
        lost = (*self.left_out, *self.uncertain)
        return any(
            path[: len(lost_path)] == lost_path or lost_path[: len(path)] == path or _misspelt(lost_path, path)
            for lost_path in lost
        )


def _source_texts(node: Node, path: Path) -> Iterator[SourceText]:
    if isinstance(node, Scalar):
        if node.value is not None and not isinstance(node.value, bool):
            yield SourceText(path, node.span, node.value if isinstance(node.value, str) else node.text, is_key=False)
    elif isinstance(node, Items):
        for i, value in enumerate(node.values):
            yield from _source_texts(value, (*path, i))
    else:
        for key, entry in node.entries.items():
            yield SourceText((*path, key), entry.key, key, is_key=True)
            yield from _source_texts(entry.value, (*path, key))


def _misspelt(lost_path: Path, path: Path) -> bool:
    """Return whether a dropped value with an invalid name may be the one at `path`."""
    siblings = len(lost_path) == len(path) and lost_path[:-1] == path[:-1]
    return siblings and closest(str(path[-1]), [str(lost_path[-1])]) is not None
