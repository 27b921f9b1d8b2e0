"""Settings of MLServer."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Version


class MLServer(EngineSettings):
    """MLServer, which serves models on one machine."""

    engine: Literal["mlserver"]
    """The engine."""
    version: Version = "1.7"
    """Its version."""


SETTINGS: Final = (MLServer,)
