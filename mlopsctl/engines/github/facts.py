"""Facts of github: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities
from mlopsctl.engines.base import Facts
from mlopsctl.engines.github.conventions import PLACE

_GITHUB: Final = abilities("validate render compare comment reviewers")

FACTS: Final = (
    Facts(
        "ci",
        "github",
        (),
        "",
        capabilities=_GITHUB,
        folder="github",
        place=PLACE,
    ),
)
