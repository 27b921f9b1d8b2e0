"""Codes of engines from other packages."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

BROKEN_PLUGIN = Code(
    "MLC890",
    "unusable engine of another package",
    Severity.ERROR,
    why="The package is installed and has an entry point for the engine in the group `mlopsctl.engines`. It cannot be "
    "imported, or its declarations are incomplete.",
    help="fix or upgrade the package; docs/engines.md lists what an engine declares",
    bad="# the package acme-serving declares `canary.shift` and no `serving.traffic`\nserving: {engine: acme}",
    good="# acme-serving 1.1 declares both\nserving: {engine: acme}",
)
TAKEN_NAME = Code(
    "MLC891",
    "two engines with the same name",
    Severity.ERROR,
    why="A stack selects an engine by its name. Another package never replaces a built-in engine, and of two packages "
    "with the same name neither is used.",
    help="uninstall one of the packages, or rename its engine",
    bad="# acme-serving and beta-serving both have the entry point `fast`\nserving: {engine: fast}",
    good="# acme-serving alone is installed\nserving: {engine: fast}",
)

CODES: tuple[Code, ...] = (BROKEN_PLUGIN, TAKEN_NAME)
