"""The shell commands for a pull request that all CI engines share.

They read two variables: `REVIEW`, a folder for the results, and `BASE`, the commit to compare with. They contain no
value of a pull request.
"""

from __future__ import annotations

import re
from typing import Final

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.emit.argv import argv, shell_line

PYTHON: Final = "3.12"
MINUTES: Final = 15
FILE: Final = "workspace.yaml"

READ: Final = """\
mkdir -p "$REVIEW"
mlopsctl validate -o json > "$REVIEW/findings.json" || true
"""
"""Write the findings as JSON, first, so that a report has them if a later command fails."""
CHECK: Final = "mlopsctl render --check"
PLAN_AS_TEXT: Final = 'mlopsctl plan --against "$BASE" > "$REVIEW/plan.txt" || failed=$?'
PLAN: Final = """\
mlopsctl plan --against "$BASE" -o json > "$REVIEW/plan.json" || failed=$?
mlopsctl plan --against "$BASE" -o markdown > "$REVIEW/plan.md" || failed=$?
mlopsctl diff --against "$BASE" -o markdown > "$REVIEW/diff.md" || failed=$?
exit "${failed:-0}"
"""
"""Write plan and diff. A failing guard must not prevent the other reports."""


def folder(shared: Shared) -> str:
    """Return the workspace's folder, from the repository's root; empty for the root."""
    return shared.file.rpartition("/")[0]


def requirements(shared: Shared) -> str | None:
    """Return the requirements file of the workspace."""
    assert shared.engines.ci  # noqa: S101 - the target serves only stacks that have one
    file: str | None = shared.engines.ci.settings["requirements"]
    return file


def install(shared: Shared, version: str) -> str:
    """Return the command that installs mlopsctl: the repository's pins, or the version that renders the tree.

    `-I` isolates Python, so that a `pip.py` in the checkout does not run.
    """
    file = requirements(shared)
    pinned = ("--require-hashes", "--requirement", file) if file else (f"mlopsctl=={version}",)
    return shell_line(argv("python", "-I", "-m", "pip", "install", "--quiet", *pinned))


def not_found(shared: Shared) -> tuple[Diagnostic, ...]:
    """Report a workspace file with another name: commands in CI would not find it."""
    if shared.file.rpartition("/")[2] == FILE:
        return ()
    return (codes.CI_FILE.at(None, f"CI reads the workspace from `{FILE}`, not from this file", path="spec.stack.ci"),)


def other_host(shared: Shared, foreign: str) -> tuple[Diagnostic, ...]:
    """Report a repository on a host that does not run this CI engine."""
    assert shared.engines.ci  # noqa: S101 - the target serves only stacks that have one
    repository = shared.place.repository or ""
    if not re.match(rf"(?:[a-z]+://(?:[^/@]*@)?|git@){re.escape(foreign)}[:/]", repository):
        return ()
    message = f"{foreign} does not run the file rendered for {shared.engines.ci.name}"
    return (codes.CI_OF_OTHER_HOST.at(None, message, path="spec.stack.ci.engine"),)
