"""Diagnostic codes of Prometheus: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNTESTED_RULE = Code(
    "MLC850",
    "alert rule without a unit test",
    Severity.NOTE,
    why="For every alert, a unit test is rendered in which it fires, and one in which it does not. For a custom rule, "
    "the inputs are derived from its comparison, and not every expression allows that.",
    help="compare one series, function or share with a number, or write your own test next to the rendered ones",
    bad="rules:\n  Jump: {expr: 'deriv(score[1h]) > on() group_left() limit', severity: page, summary: a jump}",
    good="rules:\n  Low: {expr: 'avg_over_time(score[1h]) < 0.01', severity: page, summary: scores are low}",
)

CODES: tuple[Code, ...] = (UNTESTED_RULE,)
