"""`mlopsctl promote`: copy the locked versions of one environment to the next one, if gates and signature allow.

Exit codes: 0 success, 1 the promotion is blocked and nothing is written, 2 wrong usage.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.errors import ProjectError
from mlopsctl.project import discovery as projects

if TYPE_CHECKING:
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.lock.changes import Change
    from mlopsctl.lock.locked_project import Locked
    from mlopsctl.lock.uses import Data, Use
    from mlopsctl.resolve.documents import Documents
    from mlopsctl.resolve.model import Landscape


@click.command(cls=Verb, name="promote")
@click.argument("path", required=False)
@click.option("--to", "target", required=True, help="Environment to promote to.")
@click.option("--from", "source", help="Environment to promote from. Default: the one before `--to` in the workspace.")
@click.option("--system", "systems", multiple=True, metavar="NAME", help="Limit to this system; repeatable.")
@click.option("--dry-run", is_flag=True, help="Show the promotion without writing it.")
@click.option("--branch", help="Commit the change to a new branch; the working tree stays as it is.")
@click.option("--offline", is_flag=True, help="Do not check the gates against the model registry.")
def command(
    path: str | None,
    target: str,
    source: str | None,
    systems: tuple[str, ...],
    dry_run: bool,
    branch: str | None,
    offline: bool,
) -> int:
    """Copy the locked images and models of one environment to the next one.

    PATH is a workspace or a folder. Default: the nearest one in this folder or above it.

    A version is promoted if it passed the gates of the target environment and fits the inputs that are sent there.
    """
    from mlopsctl.edit.file import write
    from mlopsctl.lock.locked_project import edited, load
    from mlopsctl.project import git_commit

    try:
        locked = load(path)
    except ProjectError as error:
        return report.rejected(error, "cannot promote: fix the errors above first")
    source = _source(locked, source, target)
    landscape = locked.landscape(target)
    chosen = _chosen(landscape, systems)
    if branch:
        git_commit.refuse(locked.project.root, branch, locked.file)
    data, changes, diagnostics = _promoted(locked, landscape, source, chosen)
    diagnostics += _gates(locked, landscape, source, data, changes, offline=offline)
    if report.show_all(diagnostics, locked.environments, locked.project.root):
        terminal.echo("nothing is promoted", err=True)
        return cli.ERRORS
    if not changes:
        terminal.echo(f"{target} already has the versions of {source}: nothing to promote")
        return cli.OK
    try:
        edited_lock = edited(locked, data)
    except ProjectError as error:
        return report.rejected(error, "nothing is promoted")
    show_plan(locked.project, edited_lock.documents, changes)
    if dry_run:
        terminal.echo("dry run: nothing is written")
    elif branch:
        _commit(locked, edited_lock.content, branch, _message(chosen, source, target, changes))
    else:
        write(locked.file, locked.before, edited_lock.content, locked.project.root)
        terminal.echo(f"{locked.name} is written; run `mlopsctl render` to update the tree")
    return cli.OK


def _commit(locked: Locked, content: bytes, branch: str, message: str) -> None:
    """Commit the lock to a new branch, and print the commit."""
    from mlopsctl.project import git_commit

    commit = git_commit.commit(locked.project.root, branch, locked.file, content, message)
    terminal.echo(
        f"branch {branch} is at {commit[:12]}; run `mlopsctl render` there before the merge. "
        "The working tree is unchanged"
    )


def show_plan(project: projects.Project, after: Documents, changes: Iterable[Change]) -> None:
    """Print the promotion and its effects on the running systems; `after` are the documents with it."""
    from mlopsctl.cli.commands import plan
    from mlopsctl.plan.project_plan import compared
    from mlopsctl.plan.sides import decided

    for change in changes:
        terminal.echo(str(change))
    terminal.echo()
    old = decided(project, (), "the current lock", broken=True)
    new = decided(replace(project, documents=after), (), "the new lock", broken=True)
    plan.show(compared(project, old, new, 0), (), project, "text", detail=False)


def _source(locked: Locked, source: str | None, target: str) -> str:
    """Return the source environment; raise a usage error where the order forbids it."""
    from mlopsctl.lock.promotion import order_violation

    projects.known_environments(locked.project, [target, *([source] if source else [])])
    order = {landscape.environment.name: landscape.environment.promote_from for landscape in locked.landscapes}
    chosen_source = source or order[target] or ""
    wrong = order_violation(order, chosen_source, target)
    if wrong:
        raise click.UsageError(wrong)
    return chosen_source


def _chosen(landscape: Landscape, systems: Sequence[str]) -> tuple[str, ...]:
    """Return the systems to promote; raise a usage error for an unknown one."""
    for name in systems:
        if name not in landscape.systems:
            from mlopsctl.diagnostics.suggest import did_you_mean

            raise click.UsageError(f"there is no system `{name}`; {did_you_mean(name, landscape.systems)}")
    return tuple(systems) or tuple(landscape.systems)


def _promoted(
    locked: Locked, landscape: Landscape, source: str, chosen: Iterable[str]
) -> tuple[Data, tuple[Change, ...], list[Diagnostic]]:
    from mlopsctl.lock.promotion import promoted
    from mlopsctl.lock.uses import uses

    data = deepcopy(locked.data)
    changes, diagnostics = promoted(data, uses(landscape), source, chosen)
    return data, changes, list(diagnostics)


def _gates(
    locked: Locked, landscape: Landscape, source: str, data: Data, changes: Iterable[Change], *, offline: bool
) -> list[Diagnostic]:
    """Compare the recorded metrics of each promoted version with the gates of the target."""
    from mlopsctl.lock.uses import MODELS, uses
    from mlopsctl.lock.uses import locked as entries

    moving = {change.key for change in changes if change.kind == MODELS}
    target_uses = {use.key: use for use in uses(landscape) if use.kind == MODELS and use.key in moving}
    source_uses = {use.key: use for use in uses(locked.landscape(source)) if use.kind == MODELS}
    diagnostics: list[Diagnostic] = []
    for key, use in target_uses.items():
        entry = entries(data, source, MODELS)[key]
        origin = source_uses.get(key, use)
        if origin.registry != use.registry:
            message = f"`{source}` and `{use.environment}` have different model registries: `{key}` is in another one"
            diagnostics.append(codes.OTHER_REGISTRY.at(use.place, message))
        if offline:
            message = f"it was not checked whether version {entry['version']} of `{key}` passed the gates"
            diagnostics.append(codes.GATES_NOT_ASKED.at(use.place, message))
        else:
            diagnostics += _gate_findings(locked, landscape, use, origin, entry)
    return diagnostics


def _gate_findings(
    locked: Locked, landscape: Landscape, use: Use, origin: Use, entry: dict[str, str]
) -> list[Diagnostic]:
    from mlopsctl.lock.promotion import gates_hold
    from mlopsctl.registries.failures import Unresolved
    from mlopsctl.registries.resolver import Machine, versions

    version = str(entry["version"])
    try:
        registered = versions(Machine(locked.project.root, os.environ, terminal.warn))(origin, version)
    except Unresolved as error:
        message = f"cannot check whether version {version} of `{use.key}` passed the gates: {error}"
        help = "fix that, or promote without the check with `--offline`"
        return [codes.MODEL_UNRESOLVED.at(use.place, message, help=help)]
    if "run" in entry and registered.locked.get("run") != entry["run"]:
        message = f"version {version} of `{use.key}` was registered again by another run than the locked one"
        help = f"run `mlopsctl lock --upgrade {use.key} --env {origin.environment}`"
        return [codes.MODEL_UNRESOLVED.at(use.place, message, help=help)]
    return gates_hold(landscape, use, version, registered.gates)


def _message(chosen: Sequence[str], source: str, target: str, changes: Iterable[Change]) -> str:
    subject = ", ".join(chosen) if len(chosen) <= 3 else f"{len(chosen)} systems"
    return f"Promote {subject} from {source} to {target}\n\n" + "".join(f"{change}\n" for change in changes)
