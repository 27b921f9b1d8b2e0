"""Findings as a versioned document. The other formats are made from it, so none can know more than it says.

In: findings. Out: plain dicts, and JSON in ASCII. Never reads a source file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.model import Diagnostic, Place, Severity, merge

VERSION = 1

Document = dict[str, Any]


def document(diagnostics: Iterable[Diagnostic], environments: tuple[str, ...] = ()) -> Document:
    """Return all findings of a run, folded over the environments it looked at, in reading order."""
    merged = merge(diagnostics, environments)
    return {
        "version": VERSION,
        "environments": list(environments),
        "summary": summary(merged),
        "diagnostics": [finding(one) for one in merged],
    }


def render(document: Document) -> str:
    """Return the document as JSON text; all beyond ASCII is escaped."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def summary(diagnostics: tuple[Diagnostic, ...]) -> dict[str, int]:
    """Return how many findings of each weight there are, and in how many files."""
    weights = [one.severity for one in diagnostics]
    return {
        "errors": weights.count(Severity.ERROR),
        "warnings": weights.count(Severity.WARNING),
        "notes": weights.count(Severity.NOTE),
        "files": len({one.place.span.file for one in diagnostics if one.place}),
    }


def finding(diagnostic: Diagnostic) -> Document:
    """Return one finding."""
    code = codes.find(diagnostic.code)
    return {
        "code": diagnostic.code,
        "title": code.title if code else "",
        "severity": diagnostic.severity.word,
        "message": diagnostic.message,
        "place": place(diagnostic.place) if diagnostic.place else None,
        "related": [place(one) for one in diagnostic.related],
        "help": diagnostic.help,
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
        "label": place.label,
    }
