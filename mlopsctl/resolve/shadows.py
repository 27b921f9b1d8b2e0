"""Findings that only repeat what another one says, and those that are noise beside an error.

In: the documents and everything that was found. Out: the findings that tell something of their own, in their order.
Never drops the only finding about a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from mlopsctl.diagnostics.codes import policy, shape
from mlopsctl.diagnostics.model import Diagnostic, Severity, Span, has_errors
from mlopsctl.resolve.documents import Documents
from mlopsctl.source.node import Node, find

_MARKER = policy.TEMPLATE_MARKER.code
_SECRET = policy.PLAINTEXT_SECRET.code
_READING, _SHAPE, _REFERENCE = "MLC0", "MLC1", "MLC2"
_VARIABLE = shape.UNKNOWN_VARIABLE.code


def telling(documents: Documents, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the findings that tell something of their own.

    Where a secret stands, nothing else is said. What could not be read or filled in is not judged, nor missed.
    Notes say what a tree lacks; where an error keeps any tree from being made they are noise, and so is the warning of
    one environment about what is an error in another.
    """
    all_found = tuple(found)
    errors = has_errors(all_found)
    secrets: dict[Span, Diagnostic] = {}
    unread: dict[str, list[Span]] = {}
    for one in all_found:
        if one.place and one.code == _SECRET:
            secrets.setdefault(one.place.span, one)
        elif one.place and (one.code.startswith(_READING) or one.code == _VARIABLE):
            unread.setdefault(one.place.span.file, []).append(one.place.span)
    worst: dict[tuple[str, object, str], Severity] = {}
    for one in all_found:
        worst[_same(one)] = max(one.severity, worst.get(_same(one), one.severity))
    shaped = {one.place.span for one in all_found if one.place and one.code.startswith(_SHAPE)}
    undone = _overrides_undone(all_found)
    nodes = {document.file: document.node for document in documents.all} if unread else {}
    for one in all_found:
        beside_secret = one.place is not None and secrets.get(one.place.span, one) != one
        noise = (errors and one.severity is Severity.NOTE) or one.severity < worst[_same(one)]
        repeats = _repeats(one, unread, nodes) or (one.code == _MARKER and one.place and one.place.span in shaped)
        if not beside_secret and not noise and not repeats and one not in undone:
            yield one


def _overrides_undone(found: tuple[Diagnostic, ...]) -> set[Diagnostic]:
    """Return what holds in one environment alone, whose overrides were not understood: they may be what is missing."""
    lost = {
        (one.place.span.file, one.path.split(".")[2])
        for one in found
        if one.place and one.path.startswith("spec.overrides.") and one.severity is Severity.ERROR
    }
    if not lost:
        return set()
    places: dict[Diagnostic, set[str]] = {}
    for one in found:
        places.setdefault(replace(one, environments=()), set()).update(one.environments)
    every = {name for names in places.values() for name in names}
    return {
        one
        for one in found
        if one.place
        and len(every) > 1
        and not one.path.startswith("spec.overrides.")
        and len(names := places[replace(one, environments=())]) == 1
        and (one.place.span.file, *names) in lost
    }


def _same(one: Diagnostic) -> tuple[str, object, str]:
    return (one.code, one.place and one.place.span, one.message)


def _repeats(one: Diagnostic, unread: dict[str, list[Span]], nodes: dict[str, Node]) -> bool:
    """Tell whether a finding about a shape only follows from something that could not be read or filled in."""
    judges = one.code.startswith((_SHAPE, _REFERENCE)) or one.code == _MARKER
    spans = unread.get(one.place.span.file, []) if one.place and judges and one.code != _VARIABLE else []
    if not spans or one.place is None:
        return False
    if one.place.span in spans:
        return True
    if not one.code.startswith(_SHAPE):
        return False
    path = one.path.split(".")
    whole = find(nodes[one.place.span.file], path[:-1] if one.code == shape.MISSING_KEY.code else path)
    return whole is not None and any(_within(span, whole.span) for span in spans)


def _within(inner: Span, outer: Span) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return start <= (inner.line, inner.column) < end
