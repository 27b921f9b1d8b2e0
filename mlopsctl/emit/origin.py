"""Say what a piece of a document is about, and find it again in the text.

In: plain values, each with the things it was made from. Out: the same values, and text that knows its lines. What is
written is the same with or without: an origin is never part of the text. Never looks at the things themselves.

Nobody asks during an ordinary render, so nothing is kept then: a value is handed on as it is, and costs one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

Things = tuple[Any, ...]
"""What a piece is about: any values; here they are pieces of a Blueprint."""

_KEPT: ContextVar[bool] = ContextVar("origins are kept", default=False)


@contextmanager
def kept() -> Iterator[None]:
    """Keep what is said about values that are written inside."""
    token = _KEPT.set(True)
    try:
        yield
    finally:
        _KEPT.reset(token)


def asked() -> bool:
    """Tell whether anybody asks."""
    return _KEPT.get()


class Span(NamedTuple):
    """Lines of a text, counted from 1, and what they are about."""

    first: int
    last: int
    about: Things


class Traced(dict[str, Any]):
    """A mapping that says what it is about."""

    __slots__ = ("about",)
    about: Things


def about(things: Things, value: dict[str, Any]) -> dict[str, Any]:
    """Return the mapping, saying what it is about where anybody asks."""
    if not _KEPT.get():
        return value
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
    for span in text.spans if type(text) is Written else ():
        yield Span(span.first + shift, span.last + shift, span.about)


def whole(things: Things, text: str) -> str:
    """Return a text all of whose lines are about something, besides what it knows of some of them."""
    if not (things and _KEPT.get()):
        return text
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
