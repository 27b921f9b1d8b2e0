"""Settings of Great Expectations."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Version


class GreatExpectations(EngineSettings):
    """Great Expectations, which checks data."""

    engine: Literal["great-expectations"]
    """The engine."""
    version: Version = "1.24"
    """Its version."""


SETTINGS: Final = (GreatExpectations,)
