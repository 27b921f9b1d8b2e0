"""`mlopsctl plan`: the effects of a change on the running systems, before the merge."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable

import click

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.cli.views.formats import PLAN
from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.diagnostics.render.formats import Page
from mlopsctl.plan.model import Plan
from mlopsctl.plan.project_plan import load_both, plan_project
from mlopsctl.plan.sides import Side
from mlopsctl.project import discovery as projects


@click.command(cls=Verb, name="plan")
@click.argument("path", required=False)
@click.option("--against", help="Git ref, or folder of a project. Default: merge base with the default branch.")
@click.option("--env", "environments", multiple=True, help="Limit to this environment; repeatable.")
@click.option(
    "--versions",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Number of earlier locked versions to check for rollback.",
)
@click.option("--detail", is_flag=True, help="List every change, not only the risky ones.")
@click.option(
    "--stack", "choices", multiple=True, metavar="STAGE=ENGINE", help="Compare with another engine for a stage."
)
@report.formats(PLAN)
def command(
    path: str | None,
    against: str | None,
    environments: tuple[str, ...],
    versions: int,
    detail: bool,
    choices: tuple[str, ...],
    output_format: str,
) -> int:
    """Show what a change destroys, breaks, retrains or rolls out, and who reviews it.

    PATH is a workspace, a spec or a folder. Default: the nearest one in this folder or above it. Exits with 1 when a
    guard blocks the change; `metadata.accepts` accepts it with a reason. With --stack, only the engines are
    compared: what the current specs would lose, and what would behave differently.
    """
    gc.disable()
    if choices:
        from mlopsctl.cli.commands.portability import portability

        if against:
            raise click.UsageError("--stack compares the current specs with themselves and excludes --against")
        return portability(projects.load(path), choices, environments, output_format)
    project, base = load_both(path, against)
    projects.known_environments(project, environments)
    side = plan_project(project, against, environments, versions, base)
    if isinstance(side, Side):
        report.show(side.diagnostics, (), project.root, "text")
        terminal.echo("cannot plan: fix the errors above first", err=True)
        return cli.ERRORS
    plan, findings = side
    show(plan, findings, project, output_format, detail)
    return cli.ERRORS if has_errors((*plan.guards, *findings)) else cli.OK


def show(
    plan: Plan, findings: Iterable[Diagnostic], project: projects.Project, output_format: str, detail: bool
) -> None:
    """Print a plan in the chosen format; as text, errors go to the error stream."""
    from mlopsctl.plan.views.json import document

    findings = tuple(findings)
    contents = document(plan, findings)
    page = Page(colour=report.is_coloured(sys.stdout), detail=detail)
    terminal.show(PLAN[output_format](contents, page), output_format, color=page.colour)
    stopping = (*plan.guards, *(finding for finding in findings if has_errors((finding,))))
    if output_format == "text" and stopping:
        terminal.echo()
        report.show(stopping, plan.environments, project.root, "text")
