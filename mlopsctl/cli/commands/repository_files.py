"""Files that a render writes outside the tree: the CI workflow for the repository's pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlopsctl import __version__
from mlopsctl.cli import terminal
from mlopsctl.project import discovery as projects

if TYPE_CHECKING:
    from pathlib import Path

    from mlopsctl.blueprint.model.blueprint import Shared
    from mlopsctl.tree.fileset import FileSet
    from mlopsctl.tree.repository import Outcome


def compare(project: projects.Project, shared: Shared) -> Outcome:
    """Return what a write would do."""
    from mlopsctl.tree import repository

    return repository.compare(*_targets(project, shared))


def write(project: projects.Project, shared: Shared) -> Outcome:
    """Write missing, stale and edited files, and print a line for each."""
    from mlopsctl.tree import repository

    done = repository.write(*_targets(project, shared))
    for path, state in done.states.items():
        if state in ("missing", "stale", "edited by hand"):
            terminal.echo(f"{'written':<9} {path}")
    return done


def _targets(project: projects.Project, shared: Shared) -> tuple[Path, FileSet, str, tuple[str, ...]]:
    """Return the root, the files, their source, and all paths that such files may have."""
    from mlopsctl.compiler import render_repository, repository_places

    return project.root, render_repository(shared, __version__), shared.file, repository_places()


def report(outcome: Outcome) -> None:
    """Print a line for each file that differs from the rendered one."""
    for path, state in outcome.states.items():
        if state != "unchanged":
            terminal.echo(f"{state}: {path}")
