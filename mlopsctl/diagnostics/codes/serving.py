"""The codes MLC5xx: endpoints, rollouts, scaling, and what is served.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

NOT_LOCKED = Code(
    "MLC501",
    "nothing is locked for an endpoint",
    Severity.NOTE,
    "Git settles what runs: an endpoint serves the version that mlops.lock names for its alias. Before the first model is "
    "registered there is none, so serving and its objectives are left out of the tree, and everything else is rendered.",
    "Train and register a model, then run `mlopsctl lock`.",
    "# mlops.lock has no entry for card-fraud@champion\nendpoints:\n  scorer: {model: champion}\n",
    '# mlops.lock\nenvironments:\n  prod:\n    models:\n      card-fraud@champion: {version: "41", uri: s3://models/card-fraud/41}\n',
)

CODES: tuple[Code, ...] = (NOT_LOCKED,)
