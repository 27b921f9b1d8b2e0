"""The tree of a spec: every key and value has its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mlopsctl.diagnostics.model import Span

ScalarValue = str | int | float | bool | None
Path = tuple[str | int, ...]


class Scalar(NamedTuple):
    """A leaf. `text` is the text in the file (for a quoted string, its content)."""

    value: ScalarValue
    span: Span
    text: str


class VariableScalar(Scalar):
    """A leaf that consists of a variable: `value` and `text` are those of the variable in the workspace."""


class Items(NamedTuple):
    """A sequence."""

    values: tuple[Node, ...]
    span: Span


class Entry(NamedTuple):
    """A key's place and its value."""

    key: Span
    value: Node


class Mapping(NamedTuple):
    """A mapping, in the order of the file."""

    entries: dict[str, Entry]
    span: Span


Node = Scalar | Items | Mapping


def plain(node: Node) -> object:
    """Return the node as dicts, lists and scalars."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Items):
        return [plain(value) for value in node.values]
    return {key: plain(entry.value) for key, entry in node.entries.items()}


def step(node: Node, part: str | int) -> Node | None:
    """Return the child named `part`, or None."""
    if isinstance(node, Mapping):
        entry = node.entries.get(str(part))
        return entry.value if entry else None
    if isinstance(node, Items) and isinstance(part, int) and 0 <= part < len(node.values):
        return node.values[part]
    return None


def find(node: Node, path: Sequence[str | int]) -> Node | None:
    """Return the node at `path`, or None if the file has none."""
    current: Node | None = node
    for part in path:
        if current is None:
            return None
        current = step(current, part)
    return current


def value_span(node: Node, path: Sequence[str | int]) -> Span:
    """Return the span of the value at `path`, or of its nearest ancestor that the file has.

    For an ancestor that is a mapping under a key, that is the span of the key, because underlining a word is
    clearer than underlining a block.
    """
    current, span = (
        node,
        Span(node.span.file, node.span.line, node.span.column, node.span.line, node.span.column),
    )
    for part in path:
        below = step(current, part)
        if below is None:
            return span
        span = below.span if isinstance(below, Scalar) else head_span(current, part, below)
        current = below
    return span


def key_span(node: Node, path: Sequence[str | int]) -> Span:
    """Return the span of the key at `path`; for a sequence's item, of the item itself."""
    parent = find(node, path[:-1]) if path else None
    if isinstance(parent, Mapping) and (entry := parent.entries.get(str(path[-1]))):
        return entry.key
    return value_span(node, path)


def head_span(parent: Node, part: str | int, child: Node) -> Span:
    """Return what to underline for a collection: its key, or its first line."""
    if isinstance(parent, Mapping):
        return parent.entries[str(part)].key
    if isinstance(child, Mapping) and child.entries:
        return next(iter(child.entries.values())).key
    return child.span


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Yield every leaf with its path, in the order of the file."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Items):
        for i, value in enumerate(node.values):
            yield from leaves(value, (*path, i))
    else:
        for key, entry in node.entries.items():
            yield from leaves(entry.value, (*path, key))
