"""`mlopsctl promote`: move what one environment has locked to the next one, once gates and contract hold.

Exit codes: 0 fine, 1 something stands in the way, and nothing was written, 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from mlopsctl import cli
from mlopsctl.cli import project as projects
from mlopsctl.diagnostics.codes import lock as codes

if TYPE_CHECKING:
    from mlopsctl.cli.locks import Locked
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.lock.changes import Change
    from mlopsctl.lock.uses import Data, Use
    from mlopsctl.resolve.documents import Documents
    from mlopsctl.resolve.model import Landscape


@click.command(name="promote")
@click.argument("systems", metavar="[SYSTEM]...", nargs=-1)
@click.option(
    "--from", "source", help="The environment to take from; the one that `--to` is promoted from, by default."
)
@click.option("--to", "target", required=True, help="The environment to promote to.")
@click.option("--in", "path", metavar="PATH", help="The workspace; the nearest one here or above, by default.")
@click.option("--dry-run", is_flag=True, help="Show what would move, and write nothing.")
@click.option("--branch", help="Commit the change to a new branch, and leave the working tree as it is.")
@click.option("--offline", is_flag=True, help="Do not ask the model registry whether the gates held.")
def command(
    systems: tuple[str, ...],
    source: str | None,
    target: str,
    path: str | None,
    dry_run: bool,
    branch: str | None,
    offline: bool,
) -> int:
    """Move the images and models that one environment has locked to the next one; of all systems, or of those named.

    A version moves when it passed the gates of the environment it goes to, and knows the inputs it is asked with there.
    """
    from mlopsctl.cli import branches, locks

    locked = locks.load(path)
    if locked is None:
        return cli.ERRORS
    source = _source(locked, source, target)
    landscape = locked.landscape(target)
    chosen = _chosen(landscape, systems)
    if branch:
        branches.refuse(locked.project.root, branch, locked.file)
    data, changes, found = _moved(locked, landscape, source, chosen)
    found += _gates(locked, landscape, source, data, changes, offline=offline)
    if locks.show(locked, found):
        click.echo("nothing is promoted", err=True)
        return cli.ERRORS
    if not changes:
        click.echo(f"{target} runs what {source} runs: nothing to promote")
        return cli.OK
    made = locks.edited(locked, data)
    if made is None:
        click.echo("nothing is promoted", err=True)
        return cli.ERRORS
    show_plan(locked.project, made.documents, changes)
    if dry_run:
        click.echo("dry run: nothing is written")
    elif branch:
        message = _message(chosen, source, target, changes)
        commit = branches.commit(locked.project.root, branch, locked.file, made.content, message)
        click.echo(
            f"branch {branch} is at {commit[:12]}, and your working tree as it was; render there before the merge"
        )
    else:
        locks.write(locked.file, locked.before, made.content, locked.project.root)
        click.echo(f"{locked.name} is written; `mlopsctl render` brings the change into the tree")
    return cli.OK


def show_plan(project: projects.Project, after: Documents, changes: Iterable[Change]) -> None:
    """Print what moves, and what that does to the running systems; `after` are the documents with it."""
    from mlopsctl.cli import plan
    from mlopsctl.cli.sides import decided

    for change in changes:
        click.echo(str(change))
    click.echo()
    old = decided(project, (), "the lock as it is", broken=True)
    new = decided(replace(project, documents=after), (), "the lock with it", broken=True)
    plan.show(plan.compared(project, old, new, 0), (), project, "text", detail=False)


def _source(locked: Locked, source: str | None, target: str) -> str:
    """Return the environment that is promoted from; a usage error where the order says otherwise."""
    from mlopsctl.lock.promotion import against_the_order

    projects.known_environments(locked.project, [target, *([source] if source else [])])
    order = {one.environment.name: one.environment.promote_from for one in locked.landscapes}
    asked = source or order[target] or ""
    wrong = against_the_order(order, asked, target)
    if wrong:
        raise click.UsageError(wrong)
    return asked


def _chosen(landscape: Landscape, systems: Sequence[str]) -> tuple[str, ...]:
    """Return the systems to promote; a usage error for one that does not exist."""
    for name in systems:
        if name not in landscape.systems:
            from mlopsctl.diagnostics.suggest import did_you_mean

            raise click.UsageError(f"there is no system `{name}`; {did_you_mean(name, landscape.systems)}")
    return tuple(systems) or tuple(landscape.systems)


def _moved(
    locked: Locked, landscape: Landscape, source: str, chosen: Iterable[str]
) -> tuple[Data, tuple[Change, ...], list[Diagnostic]]:
    from mlopsctl.lock.promotion import moved
    from mlopsctl.lock.uses import uses

    data = deepcopy(locked.data)
    changes, found = moved(data, uses(landscape), source, chosen)
    return data, changes, list(found)


def _gates(
    locked: Locked, landscape: Landscape, source: str, data: Data, changes: Iterable[Change], *, offline: bool
) -> list[Diagnostic]:
    """Hold every version that moves to the gates of the target, as the source's registry recorded them."""
    from mlopsctl.lock.uses import MODELS, uses
    from mlopsctl.lock.uses import locked as entries

    moving = {change.key for change in changes if change.kind == MODELS}
    there = {use.key: use for use in uses(landscape) if use.kind == MODELS and use.key in moving}
    here = {use.key: use for use in uses(locked.landscape(source)) if use.kind == MODELS}
    found: list[Diagnostic] = []
    for key, use in there.items():
        entry = entries(data, source, MODELS)[key]
        origin = here.get(key, use)
        if origin.registry != use.registry:
            message = (
                f"`{source}` and `{use.environment}` have model registries of their own: `{key}` names another one's"
            )
            found.append(codes.OTHER_REGISTRY.at(use.place, message))
        if offline:
            message = f"nobody asked whether version {entry['version']} of `{key}` passed the gates"
            found.append(codes.GATES_NOT_ASKED.at(use.place, message))
        else:
            found += _asked(locked, landscape, use, origin, entry)
    return found


def _asked(locked: Locked, landscape: Landscape, use: Use, origin: Use, entry: dict[str, str]) -> list[Diagnostic]:
    from mlopsctl.cli.resolving import versions
    from mlopsctl.lock.promotion import gates_hold
    from mlopsctl.registries.failures import Unresolved

    version = str(entry["version"])
    try:
        found = versions(locked.project.root)(origin, version)
    except Unresolved as error:
        message = f"whether version {version} of `{use.key}` passed the gates cannot be asked: {error}"
        help = "mend that, or promote it unseen with `--offline`"
        return [codes.MODEL_UNRESOLVED.at(use.place, message, help=help)]
    if "run" in entry and found.locked.get("run") != entry["run"]:
        message = f"version {version} of `{use.key}` was made by another run than the lock says: it was registered anew"
        help = f"run `mlopsctl lock --upgrade {use.key} --env {origin.environment}`"
        return [codes.MODEL_UNRESOLVED.at(use.place, message, help=help)]
    return gates_hold(landscape, use, version, found.gates)


def _message(chosen: Sequence[str], source: str, target: str, changes: Iterable[Change]) -> str:
    what = ", ".join(chosen) if len(chosen) <= 3 else f"{len(chosen)} systems"
    return f"Promote {what} from {source} to {target}\n\n" + "".join(f"{change}\n" for change in changes)
