"""A diagnostic: a primary place, related places, a stable code, a message and a help text."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace


class Severity(IntEnum):
    """How much a finding weighs; only an error stops a render."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The word that formats print: `note`, `warning` or `error`."""
        return self.name.lower()


class Span(NamedTuple):
    """A stretch of a file. Lines and columns count from 1, columns in characters; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Place(NamedTuple):
    """A span and what is to be said about it."""

    span: Span
    label: str = ""


class Diagnostic(Struct, frozen=True):
    """One finding.

    `path` is the dotted spec path (`spec.features.views.card_activity.ttl`), `environments` the ones it
    holds in (empty: it does not depend on the environment).
    """

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    related: tuple[Place, ...] = ()
    help: str = ""
    path: str = ""
    environments: tuple[str, ...] = ()

    def in_environment(self, name: str) -> Diagnostic:
        """Return the same finding, held to one environment."""
        return replace(self, environments=(name,))


SortKey = tuple[str, int, int, str, str]


def order(diagnostic: Diagnostic) -> SortKey:
    """Return the key reports are sorted by: file, line, column, code, message."""
    span = diagnostic.place.span if diagnostic.place else Span("", 0, 0, 0, 0)
    return (span.file, span.line, span.column, diagnostic.code, diagnostic.message)


def merge(diagnostics: Iterable[Diagnostic], environments: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """Fold findings that differ only in their environment, and sort them.

    A finding that was made without an environment, or holds in every one of `environments`, belongs to the
    spec itself and names none.
    """
    merged: dict[Diagnostic, dict[str, None]] = {}
    for diagnostic in diagnostics:
        held_in = merged.setdefault(replace(diagnostic, environments=()), {})
        held_in.update(dict.fromkeys(diagnostic.environments or environments))
    folded = [
        replace(diagnostic, environments=environments_to_name(held_in, environments))
        for diagnostic, held_in in merged.items()
    ]
    return tuple(sorted(folded, key=order))


def environments_to_name(holding: Iterable[str], environments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the environments a finding names: none when it holds in all, else in their given order."""
    unique = tuple(dict.fromkeys(holding))
    if set(environments) <= set(unique):
        return ()
    return (*(name for name in environments if name in unique), *(n for n in unique if n not in environments))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether any finding is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
