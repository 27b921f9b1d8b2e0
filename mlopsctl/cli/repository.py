"""What a render writes beside the tree: the workflow that checks the repository's pull requests.

In: a project and what its systems share. Out: the files compared or written, and a line for each that differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlopsctl import __version__
from mlopsctl.cli import project as projects

if TYPE_CHECKING:
    from pathlib import Path

    from mlopsctl.blueprint.model import Shared
    from mlopsctl.tree.fileset import FileSet
    from mlopsctl.tree.repository import Outcome


def compare(project: projects.Project, shared: Shared) -> Outcome:
    """Tell what a write would do."""
    from mlopsctl.tree import repository

    return repository.compare(*_asked(project, shared))


def write(project: projects.Project, shared: Shared) -> Outcome:
    """Write what is missing, stale or edited, and say so."""
    from mlopsctl.tree import repository

    done = repository.write(*_asked(project, shared))
    for path, state in done.states.items():
        if state in ("missing", "stale", "edited by hand"):
            click.echo(f"{'written':<9} {path}")
    return done


def _asked(project: projects.Project, shared: Shared) -> tuple[Path, FileSet, str, tuple[str, ...]]:
    """Return where the files lie, the files, what they come from, and where such files may lie."""
    from mlopsctl.compile import render_repository, repository_places

    return project.root, render_repository(shared, __version__), shared.file, repository_places()


def tell(outcome: Outcome) -> None:
    """Say a line for each file that is not what is rendered."""
    for path, state in outcome.states.items():
        if state != "unchanged":
            click.echo(f"{state}: {path}")
