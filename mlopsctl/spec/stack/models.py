"""What registers models, and what checks data and models."""

from __future__ import annotations

from typing import Literal

from mlopsctl.spec.stack.words import SecretName
from mlopsctl.spec.words import Section, Text, Uri, Url, Version


class Mlflow(Section):
    """MLflow tracks runs and registers models."""

    engine: Literal["mlflow"]
    """The engine."""
    version: Version = "3"
    """Its version."""
    uri: Uri | None = None
    """The tracking server; left out, a store beside the spec is used."""
    secret: SecretName | None = None
    """The secret with the keys `username` and `password`, where the server asks for them."""


class Deepchecks(Section):
    """Deepchecks runs the checks."""

    engine: Literal["deepchecks"]
    """The engine."""
    version: Version = "0.19"
    """Its version."""


class Neptune(Section):
    """A self-hosted Neptune tracks runs and registers models."""

    engine: Literal["neptune"]
    """The engine."""
    version: Version = "3"
    """The installation's generation, 2 or 3."""
    uri: Url | None = None
    """The self-hosted installation; there is no hosted one any more."""
    project: Text | None = None
    """The Neptune project, as workspace/project."""
    secret: SecretName | None = None
    """The secret with the key `apiToken`."""


class GreatExpectations(Section):
    """Great Expectations checks the data."""

    engine: Literal["great-expectations"]
    """The engine."""
    version: Version = "1.24"
    """Its version."""


class Etiq(Section):
    """Etiq scans data and models; the library is proprietary and brought by its user."""

    engine: Literal["etiq"]
    """The engine."""
    version: Version = "1.6"
    """Its version."""
