"""The state of a tree under construction: open collections, and anchored values."""

from __future__ import annotations

from typing import Any, NamedTuple

from yaml.events import MappingStartEvent

from mlopsctl.diagnostics.model import Span
from mlopsctl.source.node import Entry, Node


class Anchored(NamedTuple):
    """An anchored value, with its number of nodes and its depth."""

    node: Node
    nodes: int
    height: int


class Frame:
    """An open collection.

    In a mapping keys and values alternate: `keyed` is true once the key has been read, and `key` is None if
    the following value is dropped. A sequence is always keyed.
    """

    __slots__ = (
        "anchor",
        "column",
        "entries",
        "flow",
        "height",
        "key",
        "key_span",
        "keyed",
        "line",
        "mapping",
        "nodes",
        "values",
    )

    def __init__(self, event: Any, span: Span, nodes: int) -> None:
        self.mapping = type(event) is MappingStartEvent
        self.flow: bool = event.flow_style
        self.anchor: str | None = event.anchor
        self.line, self.column = span.line, span.column
        self.nodes = nodes
        self.height = 0
        self.entries: dict[str, Entry] = {}
        self.values: list[Node] = []
        self.keyed = not self.mapping
        self.key: str | None = None
        self.key_span = span

    def put(self, node: Node | None) -> None:
        """Add a finished value; None for a dropped one."""
        if not self.mapping:
            if node is not None:
                self.values.append(node)
        elif not self.keyed:
            self.keyed, self.key = True, None
        else:
            if self.key is not None and node is not None:
                self.entries[self.key] = Entry(self.key_span, node)
            self.keyed = False

    def last(self) -> Node | None:
        """Return the value that was added last."""
        if self.mapping:
            return next(reversed(self.entries.values())).value if self.entries else None
        return self.values[-1] if self.values else None
