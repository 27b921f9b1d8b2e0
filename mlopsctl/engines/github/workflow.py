"""The workflow for pull requests: one job reads the change, the other may write and reads no code.

No script contains values of an event.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.github import conventions as words
from mlopsctl.engines.shared import pull_requests

Step = dict[str, Any]

_REVIEW = {"REVIEW": words.REVIEW}
_READABLE = "${{ !cancelled() && steps.read.outcome == 'success' }}"
# What was refused is not planned: a plan shows values, and all that is shown of a refused spec is why.
_VALID = "${{ !cancelled() && steps.validate.outcome == 'success' }}"
# A fork's token may write nothing, and neither may Dependabot's: their plan is in the summary of the first job.
_TRUSTED = (
    "github.event_name == 'pull_request'"
    " && github.event.pull_request.head.repo.full_name == github.repository"
    " && github.event.pull_request.user.login != 'dependabot[bot]'"
)


def workflow(shared: Shared, version: str) -> dict[str, Any]:
    """Return the workflow."""
    return {
        "name": words.title(shared.workspace),
        "on": {"pull_request": None, "merge_group": None},
        "permissions": {},
        "concurrency": {
            "group": f"{words.title(shared.workspace)}-${{{{ github.event.pull_request.number || github.ref }}}}",
            "cancel-in-progress": True,
        },
        "defaults": {"run": {"shell": "bash"}},
        "jobs": {"check": _check(shared, version), "comment": _comment(shared, version)},
    }


def _check(shared: Shared, version: str) -> dict[str, Any]:
    """Return the job that runs on the change, forks included. It can read, and nothing else."""
    return {
        "name": "validate, render, plan",
        "runs-on": words.MACHINE,
        "timeout-minutes": pull_requests.MINUTES,
        "permissions": words.READS,
        "outputs": {"review": "${{ steps.review.outcome }}"},
        "steps": [
            _uses("Checkout", words.CHECKOUT, {"persist-credentials": False, "fetch-depth": 0}),
            *_install(shared, version),
            *_verbs(shared),
            *_result_steps(shared),
        ],
    }


def _verbs(shared: Shared) -> list[Step]:
    """Return the steps that call the verbs, each in the workspace's folder."""
    folder = pull_requests.folder(shared)
    directory = {"working-directory": folder} if folder else {}
    return [
        {"name": "Read", "id": "read", **directory, "env": _REVIEW, "run": pull_requests.READ},
        {"name": "Validate", "id": "validate", **directory, "run": "mlopsctl validate -o github"},
        {"name": "The committed tree is what is rendered", **directory, "run": pull_requests.CHECK},
        {
            "name": "Plan",
            "if": _VALID,
            **directory,
            "env": {**_REVIEW, "BASE": words.BASE},
            "run": pull_requests.PLAN,
        },
    ]


def _result_steps(shared: Shared) -> list[Step]:
    """Return the steps that show what was found and hand it on, whatever failed before them."""
    artifact = {
        "name": words.title(shared.workspace),
        "path": words.REVIEW,
        "retention-days": words.KEPT_DAYS,
        "overwrite": True,  # by the next attempt of a run
    }
    return [
        {
            "name": "Summary",
            "if": _READABLE,
            "env": {**_REVIEW, "WORKSPACE": shared.workspace},
            "run": 'mlopsctl comment "$REVIEW" --workspace "$WORKSPACE" >> "$GITHUB_STEP_SUMMARY"',
        },
        {"name": "Keep", "id": "review", "if": _READABLE, "uses": words.UPLOAD, "with": artifact},
    ]


def _comment(shared: Shared, version: str) -> dict[str, Any]:
    """Return the job that may write to the pull request. It runs nothing of it: what it is handed is data."""
    pins = pull_requests.requirements(shared)
    return {
        "name": "comment",
        "needs": "check",
        "if": f"${{{{ !cancelled() && needs.check.outputs.review == 'success' && {_TRUSTED} }}}}",
        "runs-on": words.MACHINE,
        "timeout-minutes": pull_requests.MINUTES,
        "permissions": {**words.COMMENTS, **(words.READS_BASE if pins else {})},
        "steps": [
            *([_base(pins)] if pins else []),
            *_install(shared, version),
            _uses("What was found", words.DOWNLOAD, {"name": words.title(shared.workspace), "path": words.REVIEW}),
            {
                "name": "Comment",
                "env": {
                    **_REVIEW,
                    "WORKSPACE": shared.workspace,
                    "NUMBER": words.NUMBER,
                    "GITHUB_TOKEN": words.TOKEN,
                },
                "run": 'mlopsctl comment "$REVIEW" --workspace "$WORKSPACE" --on github --number "$NUMBER"',
            },
        ],
    }


def _base(pins: str) -> Step:
    """Fetch one file of the base branch, which a pull request cannot change."""
    inputs = {
        "persist-credentials": False,
        "ref": words.BASE,
        "sparse-checkout": f"/{pins}",
        "sparse-checkout-cone-mode": False,
    }
    return _uses("The pins of the base branch", words.CHECKOUT, inputs)


def _install(shared: Shared, version: str) -> list[Step]:
    return [
        _uses("Python", words.SETUP_PYTHON, {"python-version": pull_requests.PYTHON}),
        {"name": "Install", "run": pull_requests.install(shared, version)},
    ]


def _uses(name: str, action: str, inputs: dict[str, Any]) -> Step:
    return {"name": name, "uses": action, "with": inputs}
