"""What a check library has: its checks, suites and drift methods."""

from __future__ import annotations

from mlopsctl.catalogue.checks import CheckCatalogue
from mlopsctl.engines.base import attribute
from mlopsctl.engines.known import engine as known_engine


def catalogue(engine: str, version: str) -> CheckCatalogue | None:
    """Import the checks that a library declares; None for an engine of another stage."""
    entry = known_engine("checks", engine, version)
    return attribute(entry.checks.catalogue, CheckCatalogue) if entry and entry.checks else None
