"""Settings of what checks pull requests, the same for each code host."""

from __future__ import annotations

from typing import Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.stack.words import RequirementsFile


class Ci(EngineSettings):
    """What checks pull requests."""

    engine: Literal["github", "bitbucket"]
    """The engine."""
    requirements: RequirementsFile | None = None
    """A requirements file with hashes that installs mlopsctl, from the repository's root; left out, the version that
    rendered is installed."""
