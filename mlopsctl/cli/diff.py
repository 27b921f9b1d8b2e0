"""`mlopsctl diff`: what a change does to the files, object by object; or what a sync would do to a cluster."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import click

from mlopsctl import cli
from mlopsctl.cli import clusters, report
from mlopsctl.cli import project as projects
from mlopsctl.cli.sides import Side, decided, other, trees

FORMATS = ("text", "json", "markdown")


@click.command(name="diff")
@click.argument("path", required=False)
@click.option("--against", help="A git ref, a project's folder or a rendered tree's. Default: where the change began.")
@click.option("--env", "environments", multiple=True, help="Only this environment; may be given again.")
@click.option("--live", is_flag=True, help="Compare with the cluster of the environment: dry runs, nothing is written.")
@clusters.options
@click.option("--stat", "counting", is_flag=True, help="Only numbers, one line a file.")
@click.option("--exit-code", "coded", is_flag=True, help="Leave with 3 when there are differences.")
@click.option("-o", "--format", "output_format", type=click.Choice(FORMATS), default="text", show_default=True)
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

    PATH is a workspace, a spec or a folder; left out, the nearest one here or above. Nothing is written, and what is
    committed below the output folder does not count: both sides are rendered in memory.
    """
    from mlopsctl.compile import ready

    gc.disable()
    if (live and against) or (not live and (context or server)):
        raise click.UsageError("--against is for a comparison of files, --context and --server for one with --live")
    project = projects.load(path)
    projects.known_environments(project, environments)
    new = decided(project, environments, "the specs here")
    report.show(new.diagnostics, tuple(one.environment for one in new.shared), project.root, "text")
    if not ready(new.diagnostics) or not new.shared:
        return cli.ERRORS
    if live:
        document, code = _live(project, new, environments, context, server)
    else:
        document, code = _files(project, new, environments, against), cli.OK
    if document is not None:
        show(document, output_format, counting)
    differs = bool(document and document["files"])
    return cli.CHANGED if coded and differs and code == cli.OK else code


def _files(project: projects.Project, new: Side, environments: tuple[str, ...], against: str | None) -> dict[str, Any]:
    """Compare what is rendered now with what stood elsewhere."""
    from mlopsctl.change.diff_json import document
    from mlopsctl.change.manifests import compare

    old = other(project, against, environments)
    report.show(old.diagnostics, (), project.root, "text")
    before, after = (_focused(tree, focus(project)) for tree in trees(old, new))
    return document(compare(before, after), old.called, new.called)


def _live(
    project: projects.Project, new: Side, environments: tuple[str, ...], context: str | None, server: str | None
) -> tuple[dict[str, Any] | None, int]:
    """Compare what is rendered now with a cluster."""
    from mlopsctl.cli import live

    return live.diff(project, live.only(new.shared, environments), context, server, focus(project))


def show(document: dict[str, Any], output_format: str, counting: bool) -> None:
    """Print a diff in the format a person asked for."""
    if output_format == "json":
        from mlopsctl.change import diff_json

        click.echo(diff_json.render(document), nl=False)
    elif output_format == "markdown":
        from mlopsctl.change import diff_markdown

        click.echo((diff_markdown.stat if counting else diff_markdown.render)(document), nl=False)
    else:
        from mlopsctl.change import diff_text

        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo((diff_text.stat if counting else diff_text.render)(document, colour), nl=False, color=colour)


def focus(project: projects.Project) -> str | None:
    """Return the one system that a person named inside a workspace."""
    from mlopsctl.resolve.documents import name_of

    return next((name_of(one.node) for one in project.documents.systems if one.file == project.focus), None)


def _focused(tree: dict[str, str], system: str | None) -> dict[str, str]:
    return {path: text for path, text in tree.items() if system in (None, path.split("/", 2)[1])}
