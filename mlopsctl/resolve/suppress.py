"""Drop diagnostics that repeat another one or follow from an error; every mistake keeps at least one."""

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


def reported(documents: Documents, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the diagnostics that do not merely repeat another one.

    A secret gets no other diagnostic. Unreadable values and unresolved variables are neither checked nor reported as
    missing. Notes about the tree are dropped if an error prevents rendering, and so is a warning of one environment
    that is an error in another.
    """
    all_found = tuple(diagnostics)
    errors = has_errors(all_found)
    secrets: dict[Span, Diagnostic] = {}
    unread: dict[str, list[Span]] = {}
    for diagnostic in all_found:
        if diagnostic.place and diagnostic.code == _SECRET:
            secrets.setdefault(diagnostic.place.span, diagnostic)
        elif diagnostic.place and (diagnostic.code.startswith(_READING) or diagnostic.code == _VARIABLE):
            unread.setdefault(diagnostic.place.span.file, []).append(diagnostic.place.span)
    worst: dict[tuple[str, object, str], Severity] = {}
    for diagnostic in all_found:
        worst[_identity(diagnostic)] = max(diagnostic.severity, worst.get(_identity(diagnostic), diagnostic.severity))
    shaped = {
        diagnostic.place.span for diagnostic in all_found if diagnostic.place and diagnostic.code.startswith(_SHAPE)
    }
    undone = _overrides_undone(all_found)
    nodes = {document.file: document.node for document in documents.all} if unread else {}
    for diagnostic in all_found:
        beside_secret = diagnostic.place is not None and secrets.get(diagnostic.place.span, diagnostic) != diagnostic
        noise = (errors and diagnostic.severity is Severity.NOTE) or diagnostic.severity < worst[_identity(diagnostic)]
        repeats = _repeats(diagnostic, unread, nodes) or (
            diagnostic.code == _MARKER and diagnostic.place and diagnostic.place.span in shaped
        )
        if not beside_secret and not noise and not repeats and diagnostic not in undone:
            yield diagnostic


def _overrides_undone(diagnostics: tuple[Diagnostic, ...]) -> set[Diagnostic]:
    """Return diagnostics of only one environment with invalid overrides, which may be the cause."""
    lost = {
        (diagnostic.place.span.file, diagnostic.path.split(".")[2])
        for diagnostic in diagnostics
        if diagnostic.place and diagnostic.path.startswith("spec.overrides.") and diagnostic.severity is Severity.ERROR
    }
    if not lost:
        return set()
    places: dict[Diagnostic, set[str]] = {}
    for diagnostic in diagnostics:
        places.setdefault(replace(diagnostic, environments=()), set()).update(diagnostic.environments)
    environments = {name for names in places.values() for name in names}
    return {
        diagnostic
        for diagnostic in diagnostics
        if diagnostic.place
        and len(environments) > 1
        and not diagnostic.path.startswith("spec.overrides.")
        and len(names := places[replace(diagnostic, environments=())]) == 1
        and (diagnostic.place.span.file, *names) in lost
    }


def _identity(diagnostic: Diagnostic) -> tuple[str, object, str]:
    return (diagnostic.code, diagnostic.place and diagnostic.place.span, diagnostic.message)


def _repeats(diagnostic: Diagnostic, unread: dict[str, list[Span]], nodes: dict[str, Node]) -> bool:
    """Return whether a diagnostic about a shape only follows from an unreadable value or an unresolved variable."""
    judges = diagnostic.code.startswith((_SHAPE, _REFERENCE)) or diagnostic.code == _MARKER
    spans = (
        unread.get(diagnostic.place.span.file, [])
        if diagnostic.place and judges and diagnostic.code != _VARIABLE
        else []
    )
    if not spans or diagnostic.place is None:
        return False
    if diagnostic.place.span in spans:
        return True
    if not diagnostic.code.startswith(_SHAPE):
        return False
    path = diagnostic.path.split(".")
    parent = find(nodes[diagnostic.place.span.file], path[:-1] if diagnostic.code == shape.MISSING_KEY.code else path)
    return parent is not None and any(_within(span, parent.span) for span in spans)


def _within(inner: Span, outer: Span) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return start <= (inner.line, inner.column) < end
