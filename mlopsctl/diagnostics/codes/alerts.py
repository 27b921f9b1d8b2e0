"""The codes MLC6xx: objectives, burn rates, routes and PromQL over metrics that exist.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code

CODES: tuple[Code, ...] = ()
