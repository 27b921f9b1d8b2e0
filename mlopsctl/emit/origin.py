"""Attach the origin to a part of a document, and find its lines in the written text.

Origins never change the text. A normal render records none: a value is passed on at the cost of one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

Pieces = tuple[Any, ...]
"""What a piece is about: any values; here they are pieces of a Blueprint."""

_RECORDING: ContextVar[bool] = ContextVar("origins are kept", default=False)


@contextmanager
def recording() -> Iterator[None]:
    """Record the origins of values that are written inside."""
    token = _RECORDING.set(True)
    try:
        yield
    finally:
        _RECORDING.reset(token)


def is_recording() -> bool:
    """Return whether origins are recorded."""
    return _RECORDING.get()


class Span(NamedTuple):
    """Lines of a text, counted from 1, and what they are about."""

    first: int
    last: int
    about: Pieces


class Traced(dict[str, Any]):
    """A mapping that says what it is about."""

    __slots__ = ("about",)
    about: Pieces


def about(things: Pieces, value: dict[str, Any]) -> dict[str, Any]:
    """Return the mapping, with its origin if origins are recorded."""
    if not _RECORDING.get():
        return value
    traced = Traced(value)
    traced.about = things
    return traced


class TextWithSpans(str):
    """A text that knows what its lines are about: wider spans before those inside them."""

    __slots__ = ("spans",)
    spans: tuple[Span, ...]


def with_spans(text: str, spans: Iterable[Span]) -> TextWithSpans:
    """Return the text with what its lines are about."""
    marked = TextWithSpans(text)
    marked.spans = tuple(spans)
    return marked


def spans(text: str, shift: int = 0) -> Iterator[Span]:
    """Yield what lines of a text are about, moved down by so many lines; nothing for a text that does not know."""
    for span in text.spans if type(text) is TextWithSpans else ():
        yield Span(span.first + shift, span.last + shift, span.about)


def about_text(things: Pieces, text: str) -> str:
    """Return a text all of whose lines are about something, besides what it knows of some of them."""
    if not (things and _RECORDING.get()):
        return text
    return with_spans(text, (Span(1, text.count("\n") + (not text.endswith("\n")), things), *spans(text)))


def located(text: str, parts: Iterable[tuple[str, Pieces]]) -> str:
    """Find parts of a text again, which stand in it in this order; the text itself where there are none."""
    spans: list[Span] = []
    at, line = 0, 1
    for part, things in parts:
        start = text.index(part, at)
        line += text.count("\n", at, start)
        spans.append(Span(line, line + part.rstrip("\n").count("\n"), things))
        at = start
    return with_spans(text, spans) if spans else text
