"""What Bitbucket Pipelines cannot do for a workspace.

In: what the systems share. Out: findings. Never renders.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.catalogue.engines import supports
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets import pull_requests


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: any system can be checked."""
    return ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Say what a pull request on Bitbucket goes without, and find a repository that lies elsewhere."""
    lacking = [supports("ci", "bitbucket", "", ability) for ability in ("comment", "reviewers")]
    message = "Bitbucket: " + ", and ".join(one.why for one in lacking)
    help = " and ".join(one.instead for one in lacking)
    note = codes.CI_WITHOUT_COMMENT.at(None, message, help=help, path="spec.stack.ci.engine")
    return (note, *pull_requests.not_found(shared), *pull_requests.other_host(shared, "github.com"))
