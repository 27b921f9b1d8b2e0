"""The words of GitHub Actions: where a workflow lies, which actions it uses, on which machine it runs."""

from __future__ import annotations

from typing import Final

from mlopsctl.emit.yaml import Noted, noted

PLACE: Final = ".github/workflows/mlopsctl-*.yml"
"""GitHub looks for workflows in this folder alone; `*` is the workspace."""

MACHINE: Final = "ubuntu-24.04"
"""A release by its number: `ubuntu-latest` changes without a commit."""

CHECKOUT: Final = noted("actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1")
SETUP_PYTHON: Final = noted("actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0")
UPLOAD: Final = noted("actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0")
DOWNLOAD: Final = noted("actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1")
"""Actions by commit: a tag can be moved to other code."""

REVIEW: Final = "${{ runner.temp }}/mlopsctl"
"""Where what is found is kept: outside of the checkout, where it cannot be taken for a part of the repository."""
BASE: Final = "${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}"
NUMBER: Final = "${{ github.event.pull_request.number }}"
TOKEN: Final = "${{ github.token }}"  # noqa: S105 - an expression
KEPT_DAYS: Final = 7

READS: Final[dict[str, Noted]] = {"contents": noted("read", "check out the change")}
READS_BASE: Final[dict[str, Noted]] = {"contents": noted("read", "the pins of the base branch")}
COMMENTS: Final[dict[str, Noted]] = {"pull-requests": noted("write", "one comment, and requests for review")}


def place(workspace: str) -> str:
    """Return the workflow's path in the repository."""
    return PLACE.replace("*", workspace)


def title(workspace: str) -> str:
    """Name the workflow, and what it hands from job to job."""
    return f"mlopsctl-{workspace}"
