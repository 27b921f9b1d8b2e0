"""`mlopsctl diff`: what a change does to the files, object by object."""

from __future__ import annotations

import gc
import os
import sys

import click

from mlopsctl import cli
from mlopsctl.cli import project as projects
from mlopsctl.cli import report

FORMATS = ("text", "json", "markdown")


@click.command(name="diff")
@click.argument("path", required=False)
@click.option("--against", help="A git ref, a project's folder or a rendered tree's. Default: where the change began.")
@click.option("--env", "environments", multiple=True, help="Only this environment; may be given again.")
@click.option("--stat", "counting", is_flag=True, help="Only numbers, one line a file.")
@click.option("--exit-code", "coded", is_flag=True, help="Leave with 3 when there are differences.")
@click.option("-o", "--format", "output_format", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    path: str | None,
    against: str | None,
    environments: tuple[str, ...],
    counting: bool,
    coded: bool,
    output_format: str,
) -> int:
    """Show what a change does to the rendered files, object by object.

    PATH is a workspace, a spec or a folder; left out, the nearest one here or above. Nothing is written, and what is
    committed below the output folder does not count: both sides are rendered in memory.
    """
    from mlopsctl.change.diff_json import document
    from mlopsctl.change.manifests import compare
    from mlopsctl.cli.sides import decided, other, trees
    from mlopsctl.compile import ready

    gc.disable()
    project = projects.load(path)
    projects.known_environments(project, environments)
    new = decided(project, environments, "the specs here")
    if not ready(new.diagnostics) or not new.shared:
        report.show(new.diagnostics, tuple(one.environment for one in new.shared), project.root, "text")
        return cli.ERRORS
    old = other(project, against, environments)
    report.show((*new.diagnostics, *old.diagnostics), (), project.root, "text")
    before, after = (_focused(tree, project) for tree in trees(old, new))
    difference = compare(before, after)
    show(document(difference, old.called, new.called), output_format, counting)
    return cli.CHANGED if coded and difference.files else cli.OK


def show(document: dict[str, object], output_format: str, counting: bool) -> None:
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


def _focused(tree: dict[str, str], project: projects.Project) -> dict[str, str]:
    """Return the files of the one system that a person named inside a workspace; else all."""
    from mlopsctl.resolve.documents import name_of

    if project.focus is None:
        return tree
    system = next(name_of(one.node) for one in project.documents.systems if one.file == project.focus)
    return {path: text for path, text in tree.items() if path.split("/", 2)[1] == system}
