"""Settings of Etiq."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Version


class Etiq(EngineSettings):
    """Etiq, which scans data and models; the library is proprietary, and users install it themselves."""

    engine: Literal["etiq"]
    """The engine."""
    version: Version = "1.6"
    """Its version."""


SETTINGS: Final = (Etiq,)
