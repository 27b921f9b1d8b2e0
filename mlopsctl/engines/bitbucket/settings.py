"""Settings of Bitbucket Pipelines."""

from __future__ import annotations

from typing import Final

from mlopsctl.engines.shared.ci_settings import Ci

SETTINGS: Final = (Ci,)
