"""Diagnostics as a versioned JSON document; the other formats are rendered from it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.model import Diagnostic, Place, Severity, merge
from mlopsctl.secrets.values import conceal

VERSION = 1

Document = dict[str, Any]


def document(diagnostics: Iterable[Diagnostic], environments: tuple[str, ...] = ()) -> Document:
    """Return all findings of a run, folded over the environments it looked at, in reading order."""
    merged = merge(diagnostics, environments)
    return {
        "version": VERSION,
        "environments": list(environments),
        "summary": summary(merged),
        "diagnostics": [finding(diagnostic) for diagnostic in merged],
    }


def dumps(document: Document) -> str:
    """Return any document or schema as JSON text; all beyond ASCII is escaped, and a date is written as text."""
    return json.dumps(document, indent=2, ensure_ascii=True, default=str) + "\n"


def summary(diagnostics: tuple[Diagnostic, ...]) -> dict[str, int]:
    """Return how many findings of each weight there are, and in how many files."""
    weights = [diagnostic.severity for diagnostic in diagnostics]
    return {
        "errors": weights.count(Severity.ERROR),
        "warnings": weights.count(Severity.WARNING),
        "notes": weights.count(Severity.NOTE),
        "files": len({diagnostic.place.span.file for diagnostic in diagnostics if diagnostic.place}),
    }


def finding(diagnostic: Diagnostic) -> Document:
    """Return one finding."""
    code = codes.find(diagnostic.code)
    return {
        "code": diagnostic.code,
        "title": code.title if code else "",
        "severity": diagnostic.severity.word,
        "message": conceal(diagnostic.message),
        "place": place(diagnostic.place) if diagnostic.place else None,
        "related": [place(related) for related in diagnostic.related],
        "help": conceal(diagnostic.help),
        "path": diagnostic.path,
        "environments": list(diagnostic.environments),
        "redact": code.redact if code else False,
    }


def place(place: Place) -> Document:
    """Return one place."""
    span = place.span
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
        "label": conceal(place.label),
    }
