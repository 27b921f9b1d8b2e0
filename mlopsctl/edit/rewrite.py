"""Rewrite a YAML file to a new value with the fewest changed bytes.

The result is parsed again and must have the new value; None where the file cannot be edited in place.
"""

from __future__ import annotations

from collections.abc import Mapping as Values
from typing import Any, NamedTuple

from mlopsctl.diagnostics.model import Span
from mlopsctl.edit import fragments
from mlopsctl.edit.text import Splice, Text
from mlopsctl.source.node import Items, Mapping, Node, Scalar, plain
from mlopsctl.source.reader import read

LONGEST = 110
_INDENT = 2


class Style(NamedTuple):
    """The style of new collections. `flows` are the keys with one-line values; None: all values."""

    flows: frozenset[str] | None = None


def rewrite(data: bytes, values: Values[str, Any], style: Style) -> bytes | None:
    """Return the file's bytes, changed only where they differ from `wanted`."""
    node, _ = read(data, "")
    if node is None:
        return None
    editor = _Editor(Text(data), style)
    editor.change(node, dict(values), None)
    edited = editor.text.spliced(editor.splices)
    back, _ = read(edited, "")
    return edited if back is not None and same_value(plain(back), dict(values)) else None


def same_value(a: object, b: object) -> bool:
    """Return whether two plain values are equal with equal types: 1 is neither 1.0 nor true."""
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same_value(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same_value, a, b))
    return type(a) is type(b) and a == b


class _ValuePosition(NamedTuple):
    """The position of a value after a key of a block: the end of the colon, and the key's column from 0."""

    colon: int
    column: int


class _Editor:
    """Collect the splices of one text."""

    def __init__(self, text: Text, style: Style) -> None:
        self.text = text
        self.style = style
        self.splices: list[Splice] = []

    def change(self, node: Node, target: object, under: _ValuePosition | None) -> None:
        """Change a node to the wanted value."""
        if same_value(plain(node), target):
            return
        if isinstance(node, Mapping) and isinstance(target, dict) and _grows(node, target):
            self.entries(node, target)
        elif isinstance(node, Items) and isinstance(target, list) and len(node.values) == len(target) > 0:
            for value, item in zip(node.values, target, strict=True):
                self.change(value, item, None)
        else:
            self.replace(node, target, under)

    def entries(self, node: Mapping, target: Values[str, Any]) -> None:
        """Change, remove and add entries of a map that keeps at least one entry."""
        is_flow = self.at(node) == "{"
        for key, entry in node.entries.items():
            if key in target:
                self.change(entry.value, target[key], None if is_flow else self.under(entry.key))
        removed = [key for key in node.entries if key not in target]
        new = {key: value for key, value in target.items() if key not in node.entries}
        for key in removed:
            self.remove_flow(node, key, target) if is_flow else self.remove_block(node, key)
        if new and is_flow:
            end = self.end(list(node.entries.values())[-1].value)
            self.put(end, end, "".join(f", {fragments.flow_entry(key, value)}" for key, value in new.items()))
        elif new:
            first, last = next(iter(node.entries.values())), list(node.entries.values())[-1]
            self.add_lines(self.end(last.value), new, first.key.column - 1)

    def add_lines(self, after: int, new: Values[str, Any], column: int) -> None:
        """Add entries of a block below the line of `after`."""
        content = self.text.content
        at = after if after and content[after - 1] in "\r\n" else self.text.next_line(after)
        lines = self.lines(new, column)
        if at and content[at - 1] not in "\r\n":
            self.put(at, at, self.text.newline + self.text.newline.join(lines))
        else:
            self.put(at, at, "".join(line + self.text.newline for line in lines))

    def remove_block(self, node: Mapping, key: str) -> None:
        """Remove an entry of a block with its lines; comments on lines of their own stay."""
        start = self.start(node.entries[key].key)
        end = self.end(node.entries[key].value)
        line = self.text.line_start(start)
        if self.text.content[line:start].strip():
            following = list(node.entries)[list(node.entries).index(key) + 1 :]
            self.put(start, self.start(node.entries[following[0]].key), "")
        else:
            closed = self.text.content[end - 1] in "\r\n"
            self.put(line, end if closed else self.text.next_line(end), "")

    def remove_flow(self, node: Mapping, key: str, target: Values[str, Any]) -> None:
        """Remove an entry inside braces, with one comma."""
        names = list(node.entries)
        place = names.index(key)
        entry = node.entries[key]
        if any(name in target for name in names[:place]):
            self.put(self.end(node.entries[names[place - 1]].value), self.end(entry.value), "")
        else:
            self.put(self.start(entry.key), self.start(node.entries[names[place + 1]].key), "")

    def replace(self, node: Node, value: object, under: _ValuePosition | None) -> None:
        """Replace a whole value."""
        start, end = self.start(node.span), self.end(node)
        first = self.text.content[start : start + 1]
        quote = first if isinstance(node, Scalar) and first in ("'", '"') else ""
        is_block = under is not None and (isinstance(node, Mapping | Items) and first not in ("{", "["))
        spreads = is_block or (self.style.flows is not None and not getattr(node, "entries", None))
        as_block = under is not None and spreads and isinstance(value, dict | list) and bool(value)
        if not is_block and not as_block:
            write = fragments.flow if under is None else fragments.plain
            before = " " if start and self.text.content[start - 1] in ":-" else ""
            end = start + len(self.text.content[start:end].rstrip("\r\n"))
            self.put(start, end, before + write(value, quote))
            return
        assert under  # noqa: S101 - both need it
        if as_block:
            new = self.text.newline + self.text.newline.join(self.lines(value, under.column + _INDENT))
            self.put(under.colon, end, new)
        else:
            self.put(under.colon, under.colon, f" {fragments.plain(value)}")
            self.put(self.text.line_end(under.colon), end, "")

    def lines(self, value: object, column: int) -> list[str]:
        """Format a collection as lines, indented to a column."""
        pad = " " * column
        if self.style.flows is None and isinstance(value, dict):
            texts = [fragments.flow_entry(key, item) for key, item in value.items()]
        else:
            texts = fragments.block(value, self.style.flows or frozenset(), LONGEST - column)
        return [pad + line for line in texts]

    def under(self, key: Span) -> _ValuePosition:
        """Find the colon between a key of a block and its value."""
        end = self.text.index(key.end_line, key.end_column)
        colon = self.text.content.index(":", end) + 1
        return _ValuePosition(colon, key.column - 1)

    def at(self, node: Node) -> str:
        start = self.start(node.span)
        return self.text.content[start : start + 1]

    def start(self, span: Span) -> int:
        return self.text.index(span.line, span.column)

    def end(self, node: Node) -> int:
        """Return the end of a value; a block scalar ends at the start of a line."""
        return self.text.index(node.span.end_line, node.span.end_column)

    def put(self, start: int, end: int, text: str) -> None:
        self.splices.append(Splice(start, end, text))


def _grows(node: Mapping, target: Values[str, Any]) -> bool:
    """Return whether a map can be edited entry by entry: one entry stays, and new ones come last."""
    remaining = [key for key in node.entries if key in target]
    return bool(remaining) and list(target)[: len(remaining)] == remaining
