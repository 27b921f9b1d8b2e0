"""Facts of deepchecks: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities
from mlopsctl.engines.base import Checks, Facts

FACTS: Final = (
    Facts(
        "checks",
        "deepchecks",
        ("0.19",),
        "0.19",
        "unmaintained",
        "its last release is of December 2024 and needs scikit-learn below 1.6 (AGPL-3.0)",
        abilities("suites checks conditions data split model drift"),
        checks=Checks("mlopsctl.engines.deepchecks.backend:Deepchecks", "mlopsctl.engines.deepchecks.checks:CATALOGUE"),
    ),
)
