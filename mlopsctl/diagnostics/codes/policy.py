"""The codes MLC7xx: images, secrets, names and what a tier demands.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

NAME_TOO_LONG = Code(
    "MLC701",
    "a derived name is too long",
    Severity.ERROR,
    "Names of rendered objects derive from the system's name and its parts. Kubernetes and the engines refuse one that "
    "is too long, or cut it so that two become one.",
    "Shorten the system's name, or the part's.",
    "metadata: {name: card-payment-fraud-detection-europe}\nspec:\n  serving:\n    endpoints:\n      realtime-scorer: {model: champion}\n",
    "metadata: {name: card-fraud-eu}\nspec:\n  serving:\n    endpoints:\n      scorer: {model: champion}\n",
)
NAME_COLLISION = Code(
    "MLC702",
    "two things of one name",
    Severity.ERROR,
    "Systems of an environment share a feature project and a namespace. Two things of one name would overwrite each "
    "other there, and the last one applied would win.",
    "Rename one of the two.",
    "# fraud and churn both define\nviews:\n  activity: {entity: customer}\n",
    "# fraud\nviews:\n  card_activity: {entity: customer}\n# churn\nviews:\n  visit_activity: {entity: customer}\n",
)

CODES: tuple[Code, ...] = (NAME_TOO_LONG, NAME_COLLISION)
