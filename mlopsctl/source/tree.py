"""Build the tree from events with an explicit stack; aliases are not expanded, so that no file exceeds the limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from yaml import events as yaml

from mlopsctl.diagnostics.codes import reading
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.source.decode import codepoint
from mlopsctl.source.frame import Anchored, Frame
from mlopsctl.source.limits import MAX_DEPTH, MAX_FINDINGS, limits_of
from mlopsctl.source.lines import span_at
from mlopsctl.source.node import Items, Mapping, Node, Scalar
from mlopsctl.source.scalars import OUT_OF_RANGE, resolve

MERGE = "<<"
LONGEST_SHOWN = 40
ALLOWED_CONTROLS = frozenset("\t\n\r")
# A named tuple without the cost of keyword arguments, created for every scalar.
new_span = tuple.__new__
TAG_ENDS = frozenset(" \t\r\n,[]{}")


class Tree:
    """The tree of a file under construction. `whole` is False once it must not be used."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.root: Node | None = None
        self.findings: list[Diagnostic] = []
        self.stopped = False
        self.whole = True
        self.stack: list[Frame] = []
        self.anchors: dict[str, Anchored | None] = {}
        self.nodes, self.max_nodes = 0, limits_of(file).nodes
        self.documents = 0

    def take(self, event: object) -> None:
        """Process an event."""
        if handler := HANDLERS.get(type(event)):
            handler(self, event)

    def document(self, event: Any) -> None:
        """Begin a document, or stop at a second one."""
        self.documents += 1
        if self.documents > 1:
            self.report(reading.ANOTHER_DOCUMENT, self.head(event, 3), "a second document begins here")
            self.stopped = True

    def scalar(self, event: Any) -> None:
        """Add a key or a leaf."""
        span, text = self.span(event), event.value
        if event.tag is not None:
            self.tag(event)
        if event.style == '"' and not text.isprintable():
            self.check_escapes(text, span)
        keyed = not self.stack or self.stack[-1].keyed
        node = self.leaf(event, span) if keyed else Scalar(text, span, text)
        if event.anchor is not None:
            self.anchors[event.anchor] = Anchored(node, 1, 0)
        if keyed:
            self.put(node)
        else:
            self.key(event, span)

    def leaf(self, event: Any, span: Span) -> Scalar:
        """Return a leaf with its value; only an unquoted one may be other than text."""
        self.count(1, span)
        text: str = event.value
        value = text if event.style else resolve(text)
        if value is OUT_OF_RANGE:
            self.report(reading.NUMBER_OUT_OF_RANGE, span, f"the number {quoted_piece(text)} is out of range")
            value = 0
        return Scalar(value, span, text)

    def key(self, event: Any, span: Span) -> None:
        """Use a scalar as the key of the innermost mapping."""
        text, plain, top = event.value, not event.style, self.stack[-1]
        top.keyed, top.key, top.key_span = True, None, span
        if plain and text == MERGE:
            self.report(reading.MERGE_KEY, span, "`<<` is not part of the language")
        elif plain and not isinstance(resolve(text), str):
            problem = f"the key {quoted_piece(text)} is not text" if text else "a key is missing"
            quoted = f'write it as "{text}"' if 0 < len(text) <= LONGEST_SHOWN else ""
            self.report(reading.KEY_NOT_TEXT, span, problem, help=quoted)
        elif first := top.entries.get(text):
            message = f"the key {quoted_piece(text)} is defined twice in one mapping"
            self.report(reading.DUPLICATE_KEY, span, message, "again here", Place(first.key, "first here"))
        else:
            top.key = text

    def start(self, event: Any) -> None:
        """Open a collection."""
        span = self.head(event)
        if event.tag is not None:
            self.tag(event)
        if len(self.stack) == MAX_DEPTH:
            self.stop(reading.TOO_DEEP, span, f"nested deeper than {MAX_DEPTH} levels")
            return
        if self.stack and not self.stack[-1].keyed:
            hint = "put text that begins with `{` or `[`, such as a template, in quotes"
            self.report(reading.KEY_NOT_TEXT, span, "a collection stands where a key belongs", help=hint)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.stack.append(Frame(event, span, self.nodes))
        self.count(1, span)

    def end(self, event: Any) -> None:
        """Close the innermost collection."""
        frame = self.stack.pop()
        mark, last = event.end_mark, frame.last()
        # The end of a block collection is before the next key, after blank lines and comments.
        if frame.flow or last is None:
            to = (mark.line + 1, mark.column + 1)
        else:
            to = (last.span.end_line, last.span.end_column)
        span = Span(self.file, frame.line, frame.column, *to)
        node = Mapping(frame.entries, span) if frame.mapping else Items(tuple(frame.values), span)
        height = frame.height + 1
        if frame.anchor is not None:
            self.anchors[frame.anchor] = Anchored(node, self.nodes - frame.nodes, height)
        self.put(node, height)

    def alias(self, event: Any) -> None:
        """Add the value of an alias: the same nodes, at the alias's place."""
        span = self.span(event)
        anchored = self.anchors.get(event.anchor)
        if self.stack and not self.stack[-1].keyed:
            self.report(reading.KEY_NOT_TEXT, span, "an alias stands where a key belongs", help="write the key out")
            self.put(None)
        elif anchored is None:
            self.missing(event.anchor, span)
            self.put(Scalar(None, span, f"*{event.anchor}"))
        elif len(self.stack) + anchored.height > MAX_DEPTH:
            self.stop(reading.TOO_DEEP, span, f"written out, this nests deeper than {MAX_DEPTH} levels")
        else:
            self.count(anchored.nodes, span)
            self.put(anchored.node._replace(span=span), anchored.height)

    def missing(self, name: str, span: Span) -> None:
        """Report an alias without an anchor, or inside the value of its anchor."""
        if name in self.anchors:
            message = f"the alias `*{name}` is inside the value of its own anchor"
            self.report(reading.ALIAS_CYCLE, span, message)
        else:
            hint = did_you_mean(name, self.anchors)
            self.report(reading.UNKNOWN_ALIAS, span, f"no anchor `&{name}` is defined above", help=hint)

    def tag(self, event: Any) -> None:
        """Report a tag and ignore it."""
        begin = self.text.index("!", event.start_mark.index)
        end = next((i for i in range(begin, len(self.text)) if self.text[i] in TAG_ENDS), len(self.text))
        span = span_at(self.file, self.text, begin, end - begin)
        self.report(reading.TAG, span, f"the tag {quoted_piece(self.text[begin:end])} is not part of the language")

    def check_escapes(self, text: str, span: Span) -> None:
        """Report the first control character that an escape sequence produces."""
        for character in text:
            control = character < " " or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff"
            if control and character not in ALLOWED_CONTROLS:
                message = f"an escape sequence produces the control character {codepoint(character)}"
                self.report(reading.CONTROL_CHARACTER, span, message)
                return

    def put(self, node: Node | None, height: int = 0) -> None:
        """Attach a finished value; None for a dropped one."""
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        top.height = max(top.height, height)
        top.put(node)

    def count(self, nodes: int, span: Span) -> None:
        """Count nodes, and stop if there are too many."""
        self.nodes += nodes
        if self.nodes > self.max_nodes:
            self.stop(reading.TOO_MANY_NODES, span, f"more than {self.max_nodes:,} values, aliases written out")

    def span(self, event: Any) -> Span:
        """Return the span of a scalar or an alias."""
        start, end = event.start_mark, event.end_mark
        return new_span(Span, (self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1))

    def head(self, event: Any, length: int = 1) -> Span:
        """Return the span of an event's first characters."""
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        return Span(self.file, line, column, line, column + length)

    def report(self, code: Code, span: Span, message: str, label: str = "", *related: Place, help: str = "") -> None:
        """Add a diagnostic, and stop if there are too many."""
        self.findings.append(code.at(Place(span, label), message, related=related, help=help))
        if len(self.findings) == MAX_FINDINGS:
            self.stop(reading.TOO_MANY_FINDINGS, span, f"reading stops after {MAX_FINDINGS} findings")

    def stop(self, code: Code, span: Span, message: str) -> None:
        """Add a diagnostic that ends the construction without a tree."""
        if self.whole:
            self.findings.append(code.at(Place(span), message))
        self.stopped, self.whole = True, False


def quoted_piece(text: str) -> str:
    """Return a piece of the file for a message: shortened, in backticks."""
    return f"`{text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '…'}`"


HANDLERS: Final[dict[type, Callable[[Tree, Any], None]]] = {
    yaml.DocumentStartEvent: Tree.document,
    yaml.ScalarEvent: Tree.scalar,
    yaml.SequenceStartEvent: Tree.start,
    yaml.MappingStartEvent: Tree.start,
    yaml.SequenceEndEvent: Tree.end,
    yaml.MappingEndEvent: Tree.end,
    yaml.AliasEvent: Tree.alias,
}
