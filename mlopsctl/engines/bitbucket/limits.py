"""What Bitbucket Pipelines cannot do for a workspace."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.bitbucket import codes
from mlopsctl.engines.known import supports
from mlopsctl.engines.shared import pull_requests


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:  # noqa: ARG001 - every target is asked
    """Return nothing: any system can be checked."""
    return ()


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Return what a pull request on Bitbucket goes without, and find a repository that lies elsewhere."""
    lacking = [supports("ci", "bitbucket", "", ability) for ability in ("comment", "reviewers")]
    message = "Bitbucket: " + ", and ".join(answer.why for answer in lacking)
    help = " and ".join(answer.instead for answer in lacking)
    note = codes.CI_WITHOUT_COMMENT.at(None, message, help=help, path="spec.stack.ci.engine")
    return (note, *pull_requests.not_found(shared), *pull_requests.other_host(shared, "github.com"))


LIMITS: Final = Limits(system=limits, shared=limits_shared)
