"""Settings of Kale."""

from __future__ import annotations

from typing import Final, Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Version


class Kale(EngineSettings):
    """Kale, which compiles a notebook to Kubeflow Pipelines."""

    engine: Literal["kale"]
    """The engine."""
    version: Version = "2.3"
    """Its version."""
    cache: bool = False
    """Whether Kubeflow Pipelines may reuse a step's previous result."""


SETTINGS: Final = (Kale,)
