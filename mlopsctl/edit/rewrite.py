"""A file made to say something else, with all of it that says the same left byte for byte.

In: the bytes of a YAML file, and the plain value it shall hold. Out: bytes with the fewest stretches exchanged, which
were read back and do hold that value; None where that cannot be done in place. Never reads or writes a file.
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
    """How new collections look. `flows` are the keys whose values stay on one line; None: everything does."""

    flows: frozenset[str] | None = None


def rewrite(data: bytes, wanted: Values[str, Any], style: Style) -> bytes | None:
    """Return the file's bytes with exactly what differs from `wanted` exchanged."""
    node, _ = read(data, "")
    if node is None:
        return None
    editor = _Editor(Text(data), style)
    editor.change(node, dict(wanted), None)
    made = editor.text.spliced(editor.splices)
    back, _ = read(made, "")
    return made if back is not None and same(plain(back), dict(wanted)) else None


def same(a: object, b: object) -> bool:
    """Tell whether two plain values are the same, and of the same kinds: 1 is neither 1.0 nor true."""
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


class _Under(NamedTuple):
    """Where a value stands: right of a key of a block, whose colon ends at `colon` and whose column counts from 0."""

    colon: int
    column: int


class _Editor:
    """Gathers the splices of one text."""

    def __init__(self, text: Text, style: Style) -> None:
        self.text = text
        self.style = style
        self.splices: list[Splice] = []

    def change(self, node: Node, wanted: object, under: _Under | None) -> None:
        """Make one value be what is wanted."""
        if same(plain(node), wanted):
            return
        if isinstance(node, Mapping) and isinstance(wanted, dict) and _grows(node, wanted):
            self.entries(node, wanted)
        elif isinstance(node, Items) and isinstance(wanted, list) and len(node.values) == len(wanted) > 0:
            for value, item in zip(node.values, wanted, strict=True):
                self.change(value, item, None)
        else:
            self.replace(node, wanted, under)

    def entries(self, node: Mapping, wanted: Values[str, Any]) -> None:
        """Change, remove and add entries of a mapping that keeps at least one."""
        is_flow = self.at(node) == "{"
        for key, entry in node.entries.items():
            if key in wanted:
                self.change(entry.value, wanted[key], None if is_flow else self.under(entry.key))
        gone = [key for key in node.entries if key not in wanted]
        new = {key: value for key, value in wanted.items() if key not in node.entries}
        for key in gone:
            self.remove_flow(node, key, wanted) if is_flow else self.remove_block(node, key)
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

    def remove_flow(self, node: Mapping, key: str, wanted: Values[str, Any]) -> None:
        """Remove an entry between braces, and one comma."""
        names = list(node.entries)
        place = names.index(key)
        entry = node.entries[key]
        if any(name in wanted for name in names[:place]):
            self.put(self.end(node.entries[names[place - 1]].value), self.end(entry.value), "")
        else:
            self.put(self.start(entry.key), self.start(node.entries[names[place + 1]].key), "")

    def replace(self, node: Node, wanted: object, under: _Under | None) -> None:
        """Put another value in the place of a whole one."""
        start, end = self.start(node.span), self.end(node)
        first = self.text.content[start : start + 1]
        quote = first if isinstance(node, Scalar) and first in ("'", '"') else ""
        is_block = under is not None and (isinstance(node, Mapping | Items) and first not in ("{", "["))
        spreads = is_block or (self.style.flows is not None and not getattr(node, "entries", None))
        as_block = under is not None and spreads and isinstance(wanted, dict | list) and bool(wanted)
        if not is_block and not as_block:
            write = fragments.flow if under is None else fragments.plain
            before = " " if start and self.text.content[start - 1] in ":-" else ""
            end = start + len(self.text.content[start:end].rstrip("\r\n"))
            self.put(start, end, before + write(wanted, quote))
            return
        assert under  # noqa: S101 - both need it
        if as_block:
            new = self.text.newline + self.text.newline.join(self.lines(wanted, under.column + _INDENT))
            self.put(under.colon, end, new)
        else:
            self.put(under.colon, under.colon, f" {fragments.plain(wanted)}")
            self.put(self.text.line_end(under.colon), end, "")

    def lines(self, value: object, column: int) -> list[str]:
        """Write a collection as lines from a column on."""
        pad = " " * column
        if self.style.flows is None and isinstance(value, dict):
            found = [fragments.flow_entry(key, item) for key, item in value.items()]
        else:
            found = fragments.block(value, self.style.flows or frozenset(), LONGEST - column)
        return [pad + line for line in found]

    def under(self, key: Span) -> _Under:
        """Find the colon between a key of a block and its value."""
        end = self.text.index(key.end_line, key.end_column)
        colon = self.text.content.index(":", end) + 1
        return _Under(colon, key.column - 1)

    def at(self, node: Node) -> str:
        start = self.start(node.span)
        return self.text.content[start : start + 1]

    def start(self, span: Span) -> int:
        return self.text.index(span.line, span.column)

    def end(self, node: Node) -> int:
        """Return where a value ends; that of a text in lines of its own lies at the start of a line."""
        return self.text.index(node.span.end_line, node.span.end_column)

    def put(self, start: int, end: int, text: str) -> None:
        self.splices.append(Splice(start, end, text))


def _grows(node: Mapping, wanted: Values[str, Any]) -> bool:
    """Tell whether a mapping becomes another by changes of entries: one stays, and new ones come last."""
    kept = [key for key in node.entries if key in wanted]
    return bool(kept) and list(wanted)[: len(kept)] == kept
