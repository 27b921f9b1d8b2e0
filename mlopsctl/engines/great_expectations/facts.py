"""Facts of great_expectations: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Checks, Facts

_GX: Final = abilities(
    "checks data",
    suites=no("Great Expectations has no predefined suites", "single checks"),
    conditions=no("an expectation has no separate conditions", "its params, such as mostly or max_value"),
    split=no("Great Expectations checks one table and cannot compare two", "deepchecks"),
    model=no("Great Expectations checks data, not models", "deepchecks"),
    drift=no("the only drift method of Great Expectations is KL divergence from a committed histogram", "deepchecks"),
)

FACTS: Final = (
    Facts(
        "checks",
        "great-expectations",
        ("1.24",),
        "1.24",
        capabilities=_GX,
        folder="great-expectations",
        checks=Checks(
            "mlopsctl.engines.great_expectations.backend:GreatExpectations",
            "mlopsctl.engines.great_expectations.expectations:CATALOGUE",
        ),
    ),
)
