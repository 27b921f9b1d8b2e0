"""Settings of pull request checks, the same for each code host."""

from __future__ import annotations

from typing import Literal

from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.stack.words import RequirementsFile


class Ci(EngineSettings):
    """Pull request checks."""

    engine: Literal["github", "bitbucket"]
    """The engine."""
    requirements: RequirementsFile | None = None
    """A requirements file with hashes that installs mlopsctl, relative to the repository's root. Default: the version
    that renders the tree."""
