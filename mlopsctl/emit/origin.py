"""Attach the origin to a part of a document, and find its lines in the written text.

Origins never change the text. A normal render records none, at the cost of one function call per value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

Pieces = tuple[Any, ...]
"""The origin of a part: any values; in practice pieces of a Blueprint."""

_RECORDING: ContextVar[bool] = ContextVar("origins are kept", default=False)


@contextmanager
def recording() -> Iterator[None]:
    """Record the origins of values that are written in this context."""
    token = _RECORDING.set(True)
    try:
        yield
    finally:
        _RECORDING.reset(token)


def is_recording() -> bool:
    """Return whether origins are recorded."""
    return _RECORDING.get()


class Span(NamedTuple):
    """Lines of a text, counted from 1, and their origin."""

    first: int
    last: int
    about: Pieces


class Traced(dict[str, Any]):
    """A mapping with its origin."""

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
    """A text with the origins of its lines: outer spans come before the spans inside them."""

    __slots__ = ("spans",)
    spans: tuple[Span, ...]


def with_spans(text: str, spans: Iterable[Span]) -> TextWithSpans:
    """Return the text with the origins of its lines."""
    marked = TextWithSpans(text)
    marked.spans = tuple(spans)
    return marked


def spans(text: str, shift: int = 0) -> Iterator[Span]:
    """Yield the spans of a text, moved down by `offset` lines; none for a text without origins."""
    for span in text.spans if type(text) is TextWithSpans else ():
        yield Span(span.first + shift, span.last + shift, span.about)


def about_text(things: Pieces, text: str) -> str:
    """Return a text with an origin for all of its lines, in addition to its own spans."""
    if not (things and _RECORDING.get()):
        return text
    return with_spans(text, (Span(1, text.count("\n") + (not text.endswith("\n")), things), *spans(text)))


def located(text: str, parts: Iterable[tuple[str, Pieces]]) -> str:
    """Locate parts in a text, in their order; return the text unchanged if there are none."""
    spans: list[Span] = []
    at, line = 0, 1
    for part, things in parts:
        start = text.index(part, at)
        line += text.count("\n", at, start)
        spans.append(Span(line, line + part.rstrip("\n").count("\n"), things))
        at = start
    return with_spans(text, spans) if spans else text
