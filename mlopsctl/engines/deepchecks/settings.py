"""Settings of Deepchecks."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Version


class Deepchecks(EngineSettings):
    """Deepchecks, which runs the checks."""

    engine: Literal["deepchecks"]
    """The engine."""
    version: Version = "0.19"
    """Its version."""


SETTINGS: Final = (Deepchecks,)
