"""Settings for secrets that exist already."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings


class ExistingSecrets(EngineSettings):
    """Secrets that exist in the namespace."""

    engine: Literal["existing"]
    """The engine."""


SETTINGS: Final = (ExistingSecrets,)
