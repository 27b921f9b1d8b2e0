"""The codes MLC2xx: names that lead nowhere, or to the wrong kind of thing.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code

CODES: tuple[Code, ...] = ()
