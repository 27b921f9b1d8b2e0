"""What GitHub Actions cannot do for a workspace."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.github import codes
from mlopsctl.engines.shared import pull_requests

EXPRESSION = "${{"


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: GitHub can check any system."""
    return ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Report a folder name that GitHub would evaluate, a missing repository and another host."""
    diagnostics = [*pull_requests.not_found(shared), *pull_requests.other_host(shared, "bitbucket.org")]
    if EXPRESSION in pull_requests.folder(shared):
        message = f"GitHub would evaluate `{EXPRESSION}` in the name of this file's folder"
        diagnostics.append(codes.CI_FOLDER.at(None, message, path="spec.stack.ci"))
    return tuple(diagnostics)


LIMITS: Final = Limits(system=limits, shared=limits_shared)
