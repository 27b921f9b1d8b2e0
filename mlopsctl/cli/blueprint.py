"""`mlopsctl blueprint`: what was decided for one system in one environment."""

from __future__ import annotations

import click

from mlopsctl import cli
from mlopsctl.cli import project as projects
from mlopsctl.cli import report


@click.command(name="blueprint")
@click.argument("path", required=False)
@click.option("--env", "environment", help="The environment; may be left out where there is one.")
@click.option("--system", help="The system; may be left out where there is one.")
def command(path: str | None, environment: str | None, system: str | None) -> int:
    """Print what was decided for one system, as JSON."""
    from mlopsctl.blueprint import codec
    from mlopsctl.compile import check, ready

    project = projects.load(path)
    shared, found = check(project.documents, (environment,) if environment else ())
    if not ready((*project.diagnostics, *found)):
        report.show((*project.diagnostics, *found), tuple(one.environment for one in shared), project.root, "text")
        return cli.ERRORS
    made = [one for here in shared for one in here.systems if system in (None, one.identity.system)]
    if len(made) != 1:
        named = ", ".join(f"{one.identity.system} in {one.identity.environment}" for one in made) or "none"
        raise click.UsageError(f"name one system and one environment with --system and --env; found: {named}")
    click.echo(codec.dumps(made[0]), nl=False)
    return cli.OK
