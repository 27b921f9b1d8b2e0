"""`mlopsctl affected`: the systems that a change reaches, for continuous integration to act on."""

from __future__ import annotations

import gc
import json

import click

from mlopsctl import cli
from mlopsctl.cli import plan as plans
from mlopsctl.cli import project as projects
from mlopsctl.cli import report
from mlopsctl.cli.sides import Side


@click.command(name="affected")
@click.argument("path", required=False)
@click.option("--since", help="A git ref, or the folder of a project. Default: where the change began.")
@click.option("--env", "environments", multiple=True, help="Only this environment; may be given again.")
@click.option("-o", "--format", "output_format", type=click.Choice(("text", "json")), default="text", show_default=True)
def command(path: str | None, since: str | None, environments: tuple[str, ...], output_format: str) -> int:
    """List the systems that a change since a ref reaches, one a line, the most affected first."""
    gc.disable()
    project, then = plans.read(path, since)
    projects.known_environments(project, environments)
    made = plans.planned(project, since, environments, 0, then)
    if isinstance(made, Side):
        report.show(made.diagnostics, (), project.root, "text")
        return cli.ERRORS
    plan, _ = made
    if output_format == "json":
        rows = [
            {
                "system": one.system,
                "owner": one.owner,
                "environments": list(one.environments),
                "effects": [effect.words for effect in one.effects],
            }
            for one in plan.systems
        ]
        click.echo(json.dumps(rows, indent=2))
        return cli.OK
    for one in plan.systems:
        click.echo(one.system)
    return cli.OK
