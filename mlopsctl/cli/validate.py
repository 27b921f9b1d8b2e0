"""`mlopsctl validate`: check everything, write nothing."""

from __future__ import annotations

import gc

import click

from mlopsctl import cli
from mlopsctl.cli import project as projects
from mlopsctl.cli import report


@click.command(name="validate")
@click.argument("path", required=False)
@click.option("--env", "environments", multiple=True, help="Only this environment; may be given again.")
@report.format_option
def command(path: str | None, environments: tuple[str, ...], output_format: str) -> int:
    """Check the specs and the relations between their stages.

    PATH is a workspace, a spec or a folder; left out, the nearest one here or above.
    """
    from mlopsctl.compile import check, ready

    # The process ends with the compile, and a compile makes no garbage that goes in circles.
    gc.disable()
    project = projects.load(path)
    if not project.documents.systems and not project.documents.workspace:
        report.show(project.diagnostics, (), project.root, output_format)
        return cli.ERRORS
    projects.known_environments(project, environments)
    shared, found = check(project.documents, environments)
    names = tuple(one.environment for one in shared)
    diagnostics = [d for d in (*project.diagnostics, *found) if _is_theirs(d, project.focus)]
    report.show(diagnostics, names, project.root, output_format)
    if not ready(diagnostics):
        return cli.ERRORS
    if output_format == "text":
        count = len(project.documents.systems)
        click.echo(f"{count} system{'s' * (count != 1)} in {', '.join(names)}: fine")
    return cli.OK


def _is_theirs(diagnostic: object, focus: str | None) -> bool:
    """Tell whether a finding is about the spec a person named, or about what all specs share."""
    place = getattr(diagnostic, "place", None)
    return (
        focus is None
        or place is None
        or place.span.file == focus
        or place.span.file.endswith((projects.WORKSPACE, projects.LOCK))
    )
