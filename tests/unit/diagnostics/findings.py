"""Findings that the tests of all formats share."""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics.model import Diagnostic, Place, Severity, Span
from mlopsctl.diagnostics.render import json

FILE = "systems/card-fraud/mlops.yaml"
LINES = {
    FILE: {
        12: "      cadence: 15m",
        14: "      columns: {card_id: {type: string}, card_id: {type: int64}}",
        27: "      ttl: 30m",
    },
    "workspace.yaml": {3: "  prod: {}"},
}


def place(line: int, column: int, length: int, label: str = "", file: str = FILE) -> Place:
    return Place(Span(file, line, column, line, column + length), label)


def stale() -> Diagnostic:
    return Diagnostic(
        "MLC301",
        Severity.ERROR,
        "feature view `card_activity` goes stale before it is refreshed",
        place(27, 12, 3, "shorter than cadence 15m + materialize.every 30m = 45m"),
        (place(12, 16, 3, "new rows land this often"),),
        "a ttl of 45m or more, or materialize every 10m",
        "spec.features.views.card_activity.ttl",
    )


def bare(message: str, help: str = "", severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic("MLC999", severity, message, help=help)


def document(*diagnostics: Diagnostic, environments: tuple[str, ...] = ()) -> dict[str, Any]:
    return json.document(diagnostics, environments)


def source_line(file: str, line: int) -> str | None:
    return LINES.get(file, {}).get(line)


HOSTILE = (
    "\x1b[2J\x1b]8;;http://x.example\x07\r\n::error::x\u202e\u200b %0A `</td>|@team #1"
    " https://evil.example [a](b) <img onerror=x>"
)
