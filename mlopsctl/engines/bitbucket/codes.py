"""Diagnostic codes of Bitbucket Pipelines: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

CI_WITHOUT_COMMENT = Code(
    "MLC881",
    "CI that cannot comment on a pull request",
    Severity.NOTE,
    why="A Bitbucket pipeline cannot write a comment or request a review; that would need a personal token, which "
    "every branch could read. Without a token it can write a report on the pull request.",
    help="no action needed: the report contains the plan and names the owners to ask",
    bad="stack: {ci: {engine: bitbucket}}",
    good="stack: {ci: {engine: github}}",
)

CODES: tuple[Code, ...] = (CI_WITHOUT_COMMENT,)
