"""`mlopsctl validate`: check the specs without writing."""

from __future__ import annotations

import gc

import click

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.project import discovery as projects


@click.command(cls=Verb, name="validate")
@click.argument("path", required=False)
@click.option("--env", "environments", multiple=True, help="Limit to this environment; repeatable.")
@report.format_option
def command(path: str | None, environments: tuple[str, ...], output_format: str) -> int:
    """Check the specs and the relations between their stages.

    PATH is a workspace, a spec or a folder. Default: the nearest one in this folder or above it.
    """
    from mlopsctl.api import check_workspace
    from mlopsctl.diagnostics.model import has_errors
    from mlopsctl.project.affected_specs import load_focused

    # The process ends with the compile, and a compile creates no cyclic garbage.
    gc.disable()
    project = load_focused(path)
    checked = check_workspace(project, environments)
    names = tuple(environment.environment for environment in checked.environments)
    diagnostics = [d for d in checked.diagnostics if projects.concerns(d, project.focus)]
    report.show(diagnostics, names, project.root, output_format)
    if not checked.environments or has_errors(diagnostics):
        return cli.ERRORS
    if output_format == "text":
        count = 1 if project.focus else len(project.documents.systems)
        terminal.echo(f"{count} system{'s' * (count != 1)} in {', '.join(names)}: no errors")
    return cli.OK
