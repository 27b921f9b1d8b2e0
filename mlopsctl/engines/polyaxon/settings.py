"""Settings of Polyaxon."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Text, Version


class Polyaxon(EngineSettings):
    """Polyaxon runs the pipelines."""

    engine: Literal["polyaxon"]
    """The engine."""
    version: Version = "2.18"
    """Its version."""
    edition: Literal["community", "commercial"] = "community"
    """Queues are part of the commercial edition."""
    queue: Text | None = None
    """The queue that runs wait in, in the commercial edition."""


SETTINGS: Final = (Polyaxon,)
