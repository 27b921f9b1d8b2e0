"""`mlopsctl diff`: changes of the rendered files object by object, or changes that a sync would make in a cluster."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

import click

from mlopsctl import cli
from mlopsctl.blueprint.decide.names import SHARED
from mlopsctl.cli import options as clusters
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.cli.views.formats import DIFF
from mlopsctl.diagnostics.render.formats import Page
from mlopsctl.plan.project_plan import load_both
from mlopsctl.plan.sides import Side, decided, other, trees
from mlopsctl.project import discovery as projects


@click.command(cls=Verb, name="diff")
@click.argument("path", required=False)
@click.option(
    "--against", help="Git ref, or folder of a project or a rendered tree. Default: merge base with the default branch."
)
@click.option("--env", "environments", multiple=True, help="Limit to this environment; repeatable.")
@click.option("--live", is_flag=True, help="Compare with the environment's cluster, by server-side dry runs.")
@clusters.options
@click.option("--stat", "counting", is_flag=True, help="Show only counts, one line per file.")
@click.option("--exit-code", "coded", is_flag=True, help="Exit with 3 when there are differences.")
@report.formats(DIFF)
def command(
    path: str | None,
    against: str | None,
    environments: tuple[str, ...],
    live: bool,
    context: str | None,
    server: str | None,
    counting: bool,
    coded: bool,
    output_format: str,
) -> int:
    """Show what a change does to the rendered files, object by object.

    PATH is a workspace, a spec or a folder. Default: the nearest one in this folder or above it. Nothing is written.
    Both sides are rendered in memory; the committed output folder is not read.
    """
    gc.disable()
    if (live and against) or (not live and (context or server)):
        raise click.UsageError("--against compares files and excludes --live; --context and --server need --live")
    if live:
        document, code = _live(projects.load(path), environments, context, server)
    else:
        document, code = _files(path, against, environments)
    if document is not None:
        show(document, output_format, counting)
    differs = bool(document and document["files"])
    return cli.CHANGED if coded and differs and code == cli.OK else code


def _files(path: str | None, against: str | None, environments: tuple[str, ...]) -> tuple[dict[str, Any] | None, int]:
    """Compare the rendered files with another state; where possible, only of the systems that the change can reach."""
    from mlopsctl.manifest_diff.comparison import compare
    from mlopsctl.manifest_diff.views.json import document

    project, base = load_both(path, against)
    sides = _sides(project, base, against, environments)
    if base is not None and sides.shared_differ:
        # A shared file has content of all systems: load them all, or the others would seem to be removed.
        project = projects.load(path)
        sides = _sides(project, None, against, environments)
    names = tuple(environment.environment for environment in sides.new.shared)
    report.show(sides.new.diagnostics, names, project.root, "text")
    if sides.old is None:
        return None, cli.ERRORS
    report.show(sides.old.diagnostics, (), project.root, "text")
    before, after = (_focused(tree, focus(project)) for tree in (sides.before, sides.after))
    return document(compare(before, after), sides.old.called, sides.new.called), cli.OK


class _Sides(NamedTuple):
    """Two rendered states; without the old one where the specs have errors."""

    new: Side
    old: Side | None = None
    before: Mapping[str, str] = {}
    after: Mapping[str, str] = {}

    @property
    def shared_differ(self) -> bool:
        """Whether a file that systems share differs."""
        paths = {*self.before, *self.after}
        return any(path.split("/", 2)[1] == SHARED and self.before.get(path) != self.after.get(path) for path in paths)


def _sides(
    project: projects.Project, base: projects.Project | None, against: str | None, environments: tuple[str, ...]
) -> _Sides:
    """Decide and render both states."""
    new = _new(project, environments)
    if not _is_ready(new):
        return _Sides(new)
    old = other(project, against, environments, then=base)
    return _Sides(new, old, *trees(old, new))


def _new(project: projects.Project, environments: tuple[str, ...]) -> Side:
    projects.known_environments(project, environments)
    return decided(project, environments, "the working tree")


def _is_ready(new: Side) -> bool:
    from mlopsctl.compiler import ready

    return ready(new.diagnostics) and bool(new.shared)


def _live(
    project: projects.Project, environments: tuple[str, ...], context: str | None, server: str | None
) -> tuple[dict[str, Any] | None, int]:
    """Compare the rendered files with a cluster."""
    from mlopsctl.cli.commands import live

    new = _new(project, environments)
    report.show(new.diagnostics, tuple(environment.environment for environment in new.shared), project.root, "text")
    if not _is_ready(new):
        return None, cli.ERRORS
    return live.diff(project, live.only(new.shared, environments), context, server, focus(project))


def show(document: dict[str, Any], output_format: str, counting: bool) -> None:
    """Print a diff in the chosen format."""
    page = Page(colour=report.is_coloured(sys.stdout), detail=not counting)
    terminal.show(DIFF[output_format](document, page), output_format, color=page.colour)


def focus(project: projects.Project) -> str | None:
    """Return the one system of a workspace that PATH names."""
    from mlopsctl.resolve.documents import name_of

    return next((name_of(system.node) for system in project.documents.systems if system.file == project.focus), None)


def _focused(tree: Mapping[str, str], system: str | None) -> dict[str, str]:
    return {path: text for path, text in tree.items() if system in (None, path.split("/", 2)[1])}
