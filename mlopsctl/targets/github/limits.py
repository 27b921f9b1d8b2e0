"""What GitHub Actions cannot do for a workspace.

In: what the systems share. Out: findings. Never renders.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets import pull_requests

EXPRESSION = "${{"


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: any system can be checked."""
    return ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Find a folder that GitHub would evaluate, and a repository that lies elsewhere."""
    found = [*pull_requests.not_found(shared), *pull_requests.other_host(shared, "bitbucket.org")]
    if EXPRESSION in pull_requests.folder(shared):
        message = f"GitHub would evaluate the `{EXPRESSION}` in the name of this file's folder"
        found.append(codes.CI_FOLDER.at(None, message, path="spec.stack.ci"))
    return tuple(found)
