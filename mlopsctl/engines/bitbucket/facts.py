"""Facts of bitbucket: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Facts
from mlopsctl.engines.bitbucket.conventions import PLACE

_BITBUCKET: Final = abilities(
    "validate render compare",
    comment=no("a pipeline has no permission to comment on a pull request", "the report, which contains the plan"),
    reviewers=no("a pipeline has no permission to request a review", "the report, which names the owners"),
)

FACTS: Final = (
    Facts(
        "ci",
        "bitbucket",
        (),
        "",
        capabilities=_BITBUCKET,
        folder="bitbucket",
        place=PLACE,
    ),
)
