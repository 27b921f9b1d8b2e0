"""Diagnostic codes of Argo CD: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

ARGOCD_NAME = Code(
    "MLC870",
    "duplicate Application name",
    Severity.ERROR,
    why="Argo CD identifies an Application by its name only: `<system>-<environment>`, with `-runs` for the runs on "
    "change. The shared unit and the root have one Application each, named after the workspace. Two Applications "
    "with the same name would delete each other's objects.",
    help="rename the system, or the workspace",
    bad="# in the workspace `ml`\nmetadata: {name: ml-shared, owner: team-a}",
    good="# in the workspace `ml`\nmetadata: {name: ml-features, owner: team-a}",
)

CODES: tuple[Code, ...] = (ARGOCD_NAME,)
