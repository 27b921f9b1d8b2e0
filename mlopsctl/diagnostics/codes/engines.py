"""The codes MLC8xx: what the chosen engine cannot do.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code

CODES: tuple[Code, ...] = ()
