"""The target bitbucket: the pipeline that checks pull requests.

It needs no token: the report goes through the pipeline's proxy, which authenticates it.
"""

from __future__ import annotations

from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.emit.argv import argv, shell_line
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.bitbucket import conventions
from mlopsctl.engines.shared import pull_requests
from mlopsctl.engines.shared.files import yaml_file
from mlopsctl.tree.fileset import FileSet


def render_repository(shared: Shared, version: str) -> FileSet:
    """Render the pipeline of the workspace."""
    return FileSet.of(yaml_file(conventions.PLACE, pipeline(shared, version)))


def pipeline(shared: Shared, version: str) -> dict[str, Any]:
    """Return the file: one step, for pull requests to any branch."""
    return {
        "image": f"python:{pull_requests.PYTHON}",
        "clone": {"depth": "full"},
        "pipelines": {"pull-requests": {conventions.EVERY_BRANCH: [{"step": _step(shared, version)}]}},
    }


def _step(shared: Shared, version: str) -> dict[str, Any]:
    """Return the step. What comes after the script runs also where that failed, and tells why."""
    return {
        "name": f"mlopsctl {shared.workspace}",
        "max-time": pull_requests.MINUTES,
        "script": _script(shared, version),
        "after-script": [f'mlopsctl comment "{conventions.REVIEW}" --workspace {shared.workspace} --on bitbucket'],
        "artifacts": [f"{conventions.FOLDER}/**"],
    }


def _script(shared: Shared, version: str) -> list[str]:
    folder = pull_requests.folder(shared)
    return [
        f'export REVIEW="{conventions.REVIEW}" BASE="{conventions.BASE}"',
        pull_requests.install(shared, version),
        *([shell_line(argv("cd", "--", folder))] if folder else []),
        pull_requests.READ,
        "\n".join(
            [
                # What was refused is not planned: a plan shows values, and all that is shown of a refused spec is why.
                "mlopsctl validate || exit $?",
                f"{pull_requests.CHECK} || failed=$?",
                pull_requests.PLAN_AS_TEXT,
                pull_requests.PLAN,
            ]
        ),
    ]


RENDERER: Final = Renderer(repository=render_repository)
