"""Say what a piece of a document is about, and find it again in the text.

In: plain values, each with the things it was made from. Out: the same values, and text that knows its lines. What is
written is the same with or without: an origin is never part of the text. Never looks at the things themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Things = tuple[Any, ...]
"""What a piece is about: any values; here they are pieces of a Blueprint."""


class Span(NamedTuple):
    """Lines of a text, counted from 1, and what they are about."""

    first: int
    last: int
    about: Things


class Traced(dict[str, Any]):
    """A mapping that says what it is about."""

    __slots__ = ("about",)
    about: Things


def about(things: Things, value: Mapping[str, Any]) -> Traced:
    """Return the mapping, saying what it is about."""
    traced = Traced(value)
    traced.about = things
    return traced


class Written(str):
    """A text that knows what its lines are about: wider spans before those inside them."""

    __slots__ = ("spans",)
    spans: tuple[Span, ...]


def written(text: str, spans: Iterable[Span]) -> Written:
    """Return the text with what its lines are about."""
    made = Written(text)
    made.spans = tuple(spans)
    return made


def spans(text: str, shift: int = 0) -> Iterator[Span]:
    """Yield what lines of a text are about, moved down by so many lines; nothing for a text that does not know."""
    if type(text) is Written:
        for span in text.spans:
            yield Span(span.first + shift, span.last + shift, span.about) if shift else span


def whole(things: Things, text: str) -> Written:
    """Return a text all of whose lines are about something, besides what it knew of some of them."""
    return written(text, (Span(1, text.count("\n") + (not text.endswith("\n")), things), *spans(text)))


def located(text: str, parts: Iterable[tuple[str, Things]]) -> str:
    """Find parts of a text again, which stand in it in this order; the text itself where there are none."""
    found: list[Span] = []
    at, line = 0, 1
    for part, things in parts:
        start = text.index(part, at)
        line += text.count("\n", at, start)
        found.append(Span(line, line + part.rstrip("\n").count("\n"), things))
        at = start
    return written(text, found) if found else text
