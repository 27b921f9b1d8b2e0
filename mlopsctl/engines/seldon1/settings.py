"""Settings of Seldon Core 1."""

from __future__ import annotations

from typing import Final

from mlopsctl.engines.shared.seldon_settings import Seldon

SETTINGS: Final = (Seldon,)
