"""Diagnostic codes of GitHub Actions: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

CI_FOLDER = Code(
    "MLC883",
    "folder name that GitHub would evaluate",
    Severity.ERROR,
    why="The workflow runs in the workspace's folder. GitHub evaluates `${{ ... }}` anywhere in a workflow, including "
    "the name of a folder.",
    help="rename the folder",
    bad="ml-${{ github.actor }}/workspace.yaml",
    good="ml/workspace.yaml",
)

CODES: tuple[Code, ...] = (CI_FOLDER,)
