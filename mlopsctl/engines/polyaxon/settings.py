"""Settings of Polyaxon."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Text, Version


class Polyaxon(EngineSettings):
    """Polyaxon, which runs the pipelines."""

    engine: Literal["polyaxon"]
    """The engine."""
    version: Version = "2.18"
    """Its version."""
    edition: Literal["community", "commercial"] = "community"
    """The edition; only the commercial edition has queues."""
    queue: Text | None = None
    """The queue of runs, in the commercial edition."""


SETTINGS: Final = (Polyaxon,)
