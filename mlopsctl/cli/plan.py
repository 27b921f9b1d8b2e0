"""`mlopsctl plan`: what a change does to the running systems, before it is merged."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from mlopsctl import cli
from mlopsctl.blueprint.model import Shared
from mlopsctl.change.model import Plan, State
from mlopsctl.cli import project as projects
from mlopsctl.cli import report
from mlopsctl.cli.sides import Side
from mlopsctl.diagnostics.model import Diagnostic, has_errors

FORMATS = ("text", "json", "markdown")


@click.command(name="plan")
@click.argument("path", required=False)
@click.option("--against", help="A git ref, or the folder of a project. Default: where the change began.")
@click.option("--env", "environments", multiple=True, help="Only this environment; may be given again.")
@click.option(
    "--versions",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Of how many earlier locked versions to say whether they can be served.",
)
@click.option("--detail", is_flag=True, help="Tell every change, not only the dangerous ones.")
@click.option("--stack", "choices", multiple=True, metavar="STAGE=ENGINE", help="Say what another engine would mean.")
@click.option("-o", "--format", "output_format", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    path: str | None,
    against: str | None,
    environments: tuple[str, ...],
    versions: int,
    detail: bool,
    choices: tuple[str, ...],
    output_format: str,
) -> int:
    """Say what a change does: what it destroys, breaks, retrains, rolls, and who must look at it.

    PATH is a workspace, a spec or a folder; left out, the nearest one here or above. Exits with 1 where a guard stops
    the change; `metadata.accepts` lifts one, with a reason. With --stack, nothing is compared but the engines: what the
    specs as they are would lose, and what would behave differently.
    """
    gc.disable()
    if choices:
        from mlopsctl.cli.portability import portability

        if against:
            raise click.UsageError("--stack compares the specs as they are with themselves: leave --against out")
        return portability(projects.load(path), choices, environments, output_format)
    project, then = read(path, against)
    projects.known_environments(project, environments)
    made = planned(project, against, environments, versions, then)
    if isinstance(made, Side):
        report.show(made.diagnostics, (), project.root, "text")
        click.echo("no plan was made: what the specs mean is not clear yet", err=True)
        return cli.ERRORS
    plan, findings = made
    show(plan, findings, project, output_format, detail)
    return cli.ERRORS if has_errors((*plan.guards, *findings)) else cli.OK


def read(path: str | None, against: str | None) -> tuple[projects.Project, projects.Project | None]:
    """Read a project, and at a ref too; both without what the change cannot reach, where that is known."""
    from mlopsctl.cli.at_ref import default_ref
    from mlopsctl.cli.narrow import narrowed

    main = projects.located(path)
    root = projects.repository(main.parent)
    if main.name == projects.WORKSPACE and root and not (against and Path(against).is_dir()):
        found = narrowed(root, main, against or default_ref(root))
        if found:
            return found
    return projects.load(path), None


def planned(
    project: projects.Project,
    against: str | None,
    environments: Sequence[str],
    versions: int,
    then: projects.Project | None = None,
) -> tuple[Plan, tuple[Diagnostic, ...]] | Side:
    """Return the plan of a project against another state, with its findings; the new side where it is not clear."""
    from mlopsctl.cli.sides import decided, other

    new = decided(project, environments, "the specs here", broken=True)
    if not new.shared or _is_lock_unread(project):
        return new
    old = other(project, against, environments, broken=True, then=then)
    if old.documents is None:
        raise click.UsageError("a plan compares specs: name a git ref, or a folder that has them")
    return compared(project, old, new, versions), new.diagnostics


def _is_lock_unread(project: projects.Project) -> bool:
    """Tell whether there is a lock that cannot be read: without it, all that is locked would seem to go."""
    errors = (one for one in project.diagnostics if has_errors((one,)))
    lock = project.documents.lock_file
    return not project.documents.lock and any(one.place and one.place.span.file == lock for one in errors)


def compared(project: projects.Project, old: Side, new: Side, versions: int) -> Plan:
    """Compare two sides that were decided."""
    from mlopsctl.change.compare import compare
    from mlopsctl.cli import earlier
    from mlopsctl.cli.states import placed

    before, after = _states(old, new)
    history = earlier.versions(project, versions)
    plan = compare(before, after, old.called, history)
    tool = earlier.tool(project, old, before) if old.commit else None
    unclear = tuple(sorted(_unclear(after, new)))
    return replace(plan, tool=tool, unclear=unclear, guards=placed(project.documents, plan.guards))


def _states(old: Side, new: Side) -> tuple[State, State]:
    """Return both sides; the environments that differ are rendered."""
    from mlopsctl.cli.states import state

    before, after = (
        state(side.documents, side.shared) if side.documents and side.documents.systems else State()
        for side in (old, new)
    )
    unclear = _unclear(after, new)
    if unclear:
        return before, _as_before(before, after, unclear)
    same = {one.environment for one in new.shared if one in old.shared}
    return replace(before, files=_rendered(old, same)), replace(after, files=_rendered(new, same))


def _unclear(after: State, new: Side) -> set[str]:
    """Return the systems whose specs are not understood, in an environment or in all."""
    return {name for name in after.intents if any(name not in _names(one) for one in new.shared)}


def _names(shared: Shared) -> set[str]:
    return {one.identity.system for one in shared.systems}


def _as_before(before: State, after: State, unclear: set[str]) -> State:
    """Let systems whose specs are not understood stand as they were: what others do to them can still be told."""
    made = {}
    for name, one in after.environments.items():
        then = before.environments.get(name)
        kept = [each for each in then.systems if each.identity.system in unclear - _names(one)] if then else []
        made[name] = replace(one, systems=(*one.systems, *kept))
    return replace(after, environments=made)


def _rendered(side: Side, same: set[str]) -> dict[str, dict[str, dict[str, str]]]:
    from mlopsctl.compile import render

    return {
        one.environment: {unit: {str(file.path): file.content for file in files} for unit, files in render(one).items()}
        for one in side.shared
        if one.environment not in same
    }


def show(
    plan: Plan, findings: Iterable[Diagnostic], project: projects.Project, output_format: str, detail: bool
) -> None:
    """Print a plan in the format a person asked for; as text, what stops it goes to the error stream."""
    from mlopsctl.change.plan_json import document

    findings = tuple(findings)
    made = document(plan, findings)
    if output_format == "json":
        from mlopsctl.change import plan_json

        click.echo(plan_json.render(made), nl=False)
    elif output_format == "markdown":
        from mlopsctl.change import plan_markdown

        click.echo(plan_markdown.render(made), nl=False)
    else:
        from mlopsctl.change import plan_text

        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(plan_text.render(made, detail=detail, colour=colour), nl=False, color=colour)
        stopping = (*plan.guards, *(one for one in findings if has_errors((one,))))
        if stopping:
            click.echo()
            report.show(stopping, plan.environments, project.root, "text")
