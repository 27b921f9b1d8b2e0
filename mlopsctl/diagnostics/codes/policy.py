"""The codes MLC7xx: images, secrets, names and what a tier demands.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code

CODES: tuple[Code, ...] = ()
