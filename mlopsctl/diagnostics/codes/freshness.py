"""The codes MLC3xx: cadence, ttl, materialisation, label delay and the windows between them.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNEVEN_INTERVAL = Code(
    "MLC310",
    "an interval that no schedule keeps",
    Severity.ERROR,
    "Pipelines start by cron, which knows minutes of an hour and hours of a day. An interval that divides neither would "
    "leave gaps, and features would be older than the spec says.",
    "Use an interval that divides an hour or a day: 5m, 10m, 15m, 20m, 30m, 1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d or 7d.",
    "materialize: {every: 45m}\n",
    "materialize: {every: 30m}\n",
)

CODES: tuple[Code, ...] = (UNEVEN_INTERVAL,)
