"""Diagnostic codes of Kale: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

KALE_TEXT = Code(
    "MLC827",
    "parameter that breaks Kale's string literal",
    Severity.ERROR,
    why="When a run starts, Kale writes each text parameter between single quotes into the code of every step, "
    "without escaping: a quote, a backslash or a newline in it changes the code. `model.params` is passed as JSON, "
    "which writes every non-ASCII character with a backslash.",
    help="remove quotes, backslashes, newlines and non-ASCII characters from `model.params`, or use the engine kfp",
    bad='params: {note: "it\'s new"}',
    good='params: {note: "it is new"}',
)

CODES: tuple[Code, ...] = (KALE_TEXT,)
