"""`mlopsctl affected`: the systems that a change affects, for continuous integration."""

from __future__ import annotations

import gc

import click

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli.group import Verb
from mlopsctl.cli.views.formats import AFFECTED
from mlopsctl.plan import project_plan as plans
from mlopsctl.plan.sides import Side
from mlopsctl.plan.wording import EFFECTS
from mlopsctl.project import discovery as projects


@click.command(cls=Verb, name="affected")
@click.argument("path", required=False)
@click.option("--against", help="Git ref, or folder of a project. Default: merge base with the default branch.")
@click.option("--env", "environments", multiple=True, help="Limit to this environment; repeatable.")
@report.formats(AFFECTED)
def command(path: str | None, against: str | None, environments: tuple[str, ...], output_format: str) -> int:
    """List the systems that a change affects, one per line, the most affected first."""
    gc.disable()
    project, then = plans.load_both(path, against)
    projects.known_environments(project, environments)
    side = plans.plan_project(project, against, environments, 0, then)
    if isinstance(side, Side):
        report.show(side.diagnostics, (), project.root, "text")
        return cli.ERRORS
    plan, _ = side
    rows = [
        {
            "system": system.system,
            "owner": system.owner,
            "environments": list(system.environments),
            "effects": [EFFECTS[effect] for effect in system.effects],
        }
        for system in plan.systems
    ]
    report.show_document(AFFECTED, {"systems": rows}, output_format)
    return cli.OK
