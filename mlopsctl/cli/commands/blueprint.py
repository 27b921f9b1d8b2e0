"""`mlopsctl blueprint`: print the Blueprint of one system in one environment."""

from __future__ import annotations

import click

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.project import discovery as projects


@click.command(cls=Verb, name="blueprint")
@click.argument("path", required=False)
@click.option("--env", "environment", help="Environment. Default: the only one.")
@click.option("--system", help="System. Default: the only one.")
def command(path: str | None, environment: str | None, system: str | None) -> int:
    """Print the Blueprint of one system, as JSON."""
    from mlopsctl.api import check
    from mlopsctl.blueprint import codec

    project = projects.load(path)
    checked = check(project, (environment,) if environment else ())
    if not checked.ok:
        names = tuple(shared.environment for shared in checked.environments)
        report.show(checked.diagnostics, names, project.root, "text")
        return cli.ERRORS
    blueprints = [
        blueprint
        for shared in checked.environments
        for blueprint in shared.systems
        if system in (None, blueprint.identity.system)
    ]
    if len(blueprints) != 1:
        candidates = (
            ", ".join(f"{blueprint.identity.system} in {blueprint.identity.environment}" for blueprint in blueprints)
            or "none"
        )
        raise click.UsageError(f"choose one system and one environment with --system and --env: {candidates}")
    terminal.exact(codec.dumps(blueprints[0]))
    return cli.OK
