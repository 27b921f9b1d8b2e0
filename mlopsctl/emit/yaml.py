"""Write YAML in block style, with one way to write each value, the same in YAML 1.1 and YAML 1.2.

No folded lines, anchors, tags or invisible characters; comments only for `noted` values.

A line begins with everything left of its content (newline, indentation, dashes), so that a node is written
independently of its neighbours. Line beginnings with their key, and scalars, are cached, because they recur.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any

from mlopsctl.emit.characters import Escapes, all_visible, check_encodable
from mlopsctl.emit.numbers import decimal_text, float_text
from mlopsctl.emit.origin import Pieces, Span, TextWithSpans, Traced, is_recording, spans, with_spans

_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9 _./@*+=,()<>$%^~:-]*").fullmatch
_NOTE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,:'-]*").fullmatch
_WORDS = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null", "~"))
_ESCAPES = Escapes({'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}, 0x10000)
_LONGEST_REMEMBERED = 256
_MOST_REMEMBERED = 20_000
_LONGEST_SIMPLE_KEY = 1000  # a parser looks at most 1024 characters ahead for the colon


class Noted(str):
    """A one-line text with a comment, such as a commit and its version."""

    __slots__ = ("note",)
    note: str


def noted(text: str, note: str) -> Noted:
    """Return the text with its comment; raise ValueError if the comment is more than a few plain words."""
    if not _NOTE(note):
        raise ValueError(f"no comment: {note!a}")
    text_with_note = Noted(text)
    text_with_note.note = note
    return text_with_note


def _is_plain(text: str) -> bool:
    return (
        _PLAIN(text) is not None
        and text[-1] not in " :"
        and ": " not in text
        and not (len(text) < 6 and text.lower() in _WORDS)
    )


def _flow(text: str) -> str:
    """Write a string on one line: unquoted if that is safe, otherwise in double quotes."""
    if _is_plain(text):
        return text
    if text.isascii() and text.isprintable():
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    check_encodable(text)
    return '"' + text.translate(_ESCAPES) + '"'


def _fits_block(text: str) -> bool:
    return (
        "\n" in text
        and text[0] not in " \n"
        and text[-1] != " "
        and " \n" not in text
        and all_visible(text.replace("\n", ""))
    )


def _block(text: str, pad: str) -> str:
    """Write a string of several lines as a literal block below a line indented by `pad`."""
    body = text
    header = " |-"
    if text[-1] == "\n":
        body = text[:-1]
        header = " |+" if body[-1] == "\n" else " |"
    indent = pad + "  "
    start = "\n" + indent
    # A blank before a newline can only be the indentation of an empty line: `_fits_block` rejects others.
    return (header + start + body.replace("\n", start)).replace(indent + "\n", "\n").rstrip(" ")


class _Scalars(dict[str, str]):
    """The text of each string, with the preceding blank; empty for strings that need a block."""

    def __missing__(self, value: str) -> str:
        if not isinstance(value, str):
            raise TypeError(f"a {type(value).__name__} cannot be written as YAML")
        value = str.__str__(value)
        text = "" if _fits_block(value) else " " + _flow(value)
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[value] = text
        return text


class _Level(dict[str, str]):
    """A nesting depth: the line beginnings with each key, and the next depths."""

    def __init__(self, start: str, pad: str) -> None:
        super().__init__()
        self.start = start
        self.pad = pad
        self.dash = start + "-"

    def __missing__(self, key: str) -> str:
        if not isinstance(key, str):
            raise TypeError(f"a key must be text, not {type(key).__name__}")
        text = _flow(str.__str__(key))
        if len(text) > _LONGEST_SIMPLE_KEY:
            return f"{self.start}? {text}\n{self.pad}:"
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        line = self[key] = f"{self.start}{text}:"
        return line

    @cached_property
    def below(self) -> _Level:
        """The depth of the value under a key."""
        return _Level(f"\n{self.pad}  ", self.pad + "  ")

    @cached_property
    def item(self) -> _Level:
        """The depth of a list item after its dash; its further lines have the depth `below`."""
        return _Level(self.dash + " ", self.pad + "  ")


_SCALARS = _Scalars()
_ROOT = _Level("\n", "")


def _leaf(value: object, pad: str) -> str:
    """Write a value without children, with the preceding blank."""
    if isinstance(value, str):
        text = str.__str__(value)
        written = _SCALARS[text] or _block(text, pad)
        return f"{written} # {value.note}" if type(value) is Noted else written
    if value is None:
        return " null"
    if value is True or value is False:
        return " true" if value else " false"
    if type(value) is int or (isinstance(value, int) and isinstance(value, Enum)):
        return " " + int.__repr__(value)
    if isinstance(value, Decimal):
        return " " + decimal_text(value)
    if isinstance(value, float):
        return " " + float_text(value)
    if type(value) is dict or type(value) is Traced:
        return " {}"
    if type(value) is list or type(value) is tuple:
        return " []"
    raise TypeError(f"a {type(value).__name__} cannot be written as YAML")


class _Mark(str):
    """An empty part that begins the origin `things`, on this line or the `next` one; without things, it ends one."""

    __slots__ = ("next", "things")
    things: Pieces | TextWithSpans
    next: int


def _mark(things: Pieces | TextWithSpans = (), next: int = 0) -> _Mark:
    mark = _Mark()
    mark.things, mark.next = things, next
    return mark


def _mapping(value: dict[str, Any], first: _Level, level: _Level, write: Callable[[str], None]) -> None:
    lines = first
    for key, item in value.items():
        write(lines[key])
        lines = level
        kind = type(item)
        if kind is str:
            write(_SCALARS[item] or _block(item, level.pad))
        elif kind is dict and item:
            _mapping(item, level.below, level.below, write)
        elif (kind is list or kind is tuple) and item:
            _sequence(item, level.below, level.below, write)
        elif kind is Traced and item:
            write(_mark(item.about))
            _mapping(item, level.below, level.below, write)
            write(_mark())
        else:
            write(_leaf(item, level.pad))
            if kind is TextWithSpans and _fits_block(item):
                write(_mark(item))


def _sequence(value: Iterable[Any], first: _Level, level: _Level, write: Callable[[str], None]) -> None:
    lines = first
    for item in value:
        kind = type(item)
        if kind is dict and item:
            _mapping(item, lines.item, level.below, write)
        elif (kind is list or kind is tuple) and item:
            _sequence(item, lines.item, level.below, write)
        elif kind is Traced and item:
            write(_mark(item.about, 1))
            _mapping(item, lines.item, level.below, write)
            write(_mark())
        else:
            write(lines.dash)
            write(_leaf(item, level.pad))
        lines = level


def _spans(parts: list[str]) -> Iterator[Span]:
    """Convert the marks among the parts to line numbers; the end mark of a text follows its last line."""
    line = 0
    begun: list[tuple[int, Pieces, int]] = []
    found_spans: list[Span] = []
    for part in parts:
        if type(part) is not _Mark:
            line += part.count("\n")
        elif isinstance(part.things, TextWithSpans):
            text = part.things
            found_spans += spans(text, line - 1 - text.count("\n") + text.endswith("\n"))
        elif part.things:
            begun.append((line + part.next, part.things, len(found_spans)))
        else:
            first, things, at = begun.pop()
            found_spans.insert(at, Span(first, line, things))
    return iter(found_spans)


def dumps(value: object) -> str:
    """Write one document; it ends with a newline and has no `---`.

    Raises TypeError for a value of another type, for NaN and infinity, and ValueError for text that UTF-8
    cannot encode: both are bugs of the caller.
    """
    parts: list[str] = []
    if type(value) is dict and value:
        _mapping(value, _ROOT, _ROOT, parts.append)
    elif (type(value) is list or type(value) is tuple) and value:
        _sequence(value, _ROOT, _ROOT, parts.append)
    elif type(value) is Traced and value:
        parts.append(_mark(value.about, 1))
        _mapping(value, _ROOT, _ROOT, parts.append)
        parts.append(_mark())
    else:
        parts.append(_leaf(value, ""))
    parts.append("\n")
    # Every line begins with its newline, a lone scalar with a blank.
    text = "".join(parts)[1:]
    return with_spans(text, _spans(parts)) if is_recording() else text


def dump_all(documents: Iterable[object]) -> str:
    """Write several documents, `---` between them."""
    texts = [dumps(document) for document in documents]
    joined = "---\n".join(texts)
    return with_spans(joined, _one_after_another(texts)) if is_recording() else joined


def _one_after_another(texts: Iterable[str]) -> Iterator[Span]:
    line = 0
    for text in texts:
        yield from spans(text, line)
        line += text.count("\n") + 1
