"""Settings of GitHub Actions."""

from __future__ import annotations

from typing import Final

from mlopsctl.engines.shared.ci_settings import Ci

SETTINGS: Final = (Ci,)
