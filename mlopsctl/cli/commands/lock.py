"""`mlopsctl lock`: resolve every tag and alias and write mlops.lock; with --check, report missing entries.

Exit codes: 0 success, 1 a name could not be resolved (the rest is written), 2 wrong usage, 3 --check found changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

import click

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.errors import ProjectError
from mlopsctl.project import discovery as projects

if TYPE_CHECKING:
    from mlopsctl.lock.changes import Change
    from mlopsctl.lock.locked_project import Locked
    from mlopsctl.lock.uses import Data, Use


@click.command(cls=Verb, name="lock")
@click.argument("path", required=False)
@click.option("--env", "environments", multiple=True, help="Limit to this environment; repeatable.")
@click.option(
    "--upgrade", "names", multiple=True, metavar="NAME", help="Resolve this image or model again; repeatable."
)
@click.option("--upgrade-all", "everything", is_flag=True, help="Resolve every image and model again.")
@click.option(
    "--finish", "finished", multiple=True, metavar="MODEL", help="Make the model's candidate its version; repeatable."
)
@click.option(
    "--check",
    "checking",
    is_flag=True,
    help="Contact no registry and write nothing; exit with 3 when an entry is missing.",
)
@click.option("--plain-http", "hosts", multiple=True, metavar="HOST", help="Image registry without TLS; repeatable.")
def command(
    path: str | None,
    environments: tuple[str, ...],
    names: tuple[str, ...],
    everything: bool,
    finished: tuple[str, ...],
    checking: bool,
    hosts: tuple[str, ...],
) -> int:
    """Pin tags and aliases in mlops.lock: digests, versions, artifacts.

    PATH is a workspace, a spec or a folder. Default: the nearest one in this folder or above it. Locked entries stay
    unless they are upgraded. Missing entries are resolved and unused ones removed. Names that cannot be resolved are
    reported, and the rest is written.
    """
    from mlopsctl.lock import locked_project
    from mlopsctl.lock.uses import missing

    try:
        locked = locked_project.load(path)
    except ProjectError as error:
        return report.rejected(error, "cannot lock: fix the errors above first")
    projects.known_environments(locked.project, environments)
    chosen = environments or locked.environments
    used = locked_project.uses_of(locked, chosen)
    unused = _unused(locked, chosen, complete=not environments)
    if checking:
        return _check(locked, used, unused)
    upgraded = _uses_named(used, names)
    data = deepcopy(locked.data)
    changes = list(_finish(data, used, finished))
    selected = frozenset(used) if everything else frozenset((*upgraded, *missing(used, data)))
    requested = [use for use in used if use in selected]
    lacking = False
    if requested:
        from mlopsctl.registries.resolver import Machine, resolve

        machine = Machine(locked.project.root, os.environ, terminal.warn)
        resolved, diagnostics = resolve(requested, upgraded, machine, frozenset(hosts))
        lacking = report.show_all(diagnostics, locked.environments, locked.project.root)
        changes += _update(data, resolved)
    changes += _drop(data, unused)
    code = _write(locked, data, changes)
    if lacking:
        left = len(requested) - len(resolved)
        terminal.echo(
            f"{left} of {len(requested)} could not be resolved; their entries in {locked.name} are unchanged", err=True
        )
    return cli.ERRORS if lacking else code


def _unused(locked: Locked, chosen: Sequence[str], *, complete: bool) -> tuple[tuple[str, str, str], ...]:
    """Return the unused entries: of the chosen environments, and of unknown ones."""
    from mlopsctl.lock import uses

    unused = [key for name in chosen for key in uses.unused(locked.landscape(name), locked.data)]
    existing = {landscape.environment.name for landscape in locked.landscapes}
    for name in locked.data.get("environments") or {}:
        if complete and name not in existing:
            unused += [(name, kind, key) for kind in uses.KIND_NOUNS for key in uses.locked(locked.data, name, kind)]
    return tuple(unused)


def _check(locked: Locked, used: Sequence[Use], unused: Sequence[tuple[str, str, str]]) -> int:
    from mlopsctl.lock.uses import KIND_NOUNS, missing

    lines = [f"{use.environment}: {KIND_NOUNS[use.kind]} {use.key} is missing" for use in missing(used, locked.data)]
    lines += [f"{environment}: {KIND_NOUNS[kind]} {key} is unused" for environment, kind, key in unused]
    for line in lines:
        terminal.echo(line)
    if lines:
        terminal.echo(f"{locked.name} does not match the specs: run `mlopsctl lock` and commit the result", err=True)
        return cli.CHANGED
    return cli.OK


def _uses_named(used: Sequence[Use], names: Sequence[str]) -> tuple[Use, ...]:
    """Return the uses with a given key or name; raise a usage error for an unknown name."""
    return tuple(dict.fromkeys(use for name in names for use in _matching(used, name)))


def _matching(used: Sequence[Use], name: str) -> list[Use]:
    matching = [use for use in used if use.key == name] or [use for use in used if _short(use) == name]
    if not matching:
        from mlopsctl.diagnostics.suggest import did_you_mean

        candidates = dict.fromkeys(candidate for use in used for candidate in (use.key, _short(use)))
        hint = did_you_mean(name, candidates) or "use an image or model of the specs"
        raise click.UsageError(f"no system uses an image or model `{name}`; {hint}")
    return matching


def _short(use: Use) -> str:
    """Return a model without its alias, an image without its tag."""
    if use.kind == "models":
        return use.key.partition("@")[0]
    path, slash, last = use.key.rpartition("/")
    return f"{path}{slash}{last.partition(':')[0]}"


def _finish(data: Data, used: Sequence[Use], names: Sequence[str]) -> Iterator[Change]:
    """Make candidates the versions; one environment at a time, as each has its own rollout."""
    from mlopsctl.lock.changes import finish

    for name in names:
        models = [use for use in _matching(used, name) if use.kind == "models"]
        rolling = [model for model in models if (_entry(data, model) or {}).get("candidate")]
        if not rolling:
            raise click.UsageError(f"`{name}` has no candidate: no rollout is in progress")
        if len(rolling) > 1:
            where = " and ".join(model.environment for model in rolling)
            raise click.UsageError(f"`{name}` is rolled out in {where}: choose one with --env")
        change = finish(data, rolling[0].environment, rolling[0].key)
        if change:
            yield change


def _entry(data: Data, use: Use) -> dict[str, object] | None:
    from mlopsctl.lock.uses import locked

    return locked(data, use.environment, use.kind).get(use.key)


def _update(data: Data, resolved: Sequence[tuple[Use, object]]) -> Iterator[Change]:
    from mlopsctl.lock.changes import update

    for use, value in resolved:
        change = update(data, use, value)
        if change:
            yield change


def _drop(data: Data, unused: Sequence[tuple[str, str, str]]) -> Iterator[Change]:
    from mlopsctl.lock.changes import drop

    for key in unused:
        yield drop(data, *key)


def _write(locked: Locked, data: Data, changes: Sequence[Change]) -> int:
    """Write the lock if it changed, and print a line per change."""
    from mlopsctl.edit.file import write
    from mlopsctl.lock.locked_project import edited

    if not changes:
        terminal.echo(f"{locked.name}: nothing to change")
        return cli.OK
    try:
        content = edited(locked, data).content
    except ProjectError as error:
        return report.rejected(error, "nothing is written")
    write(locked.file, locked.before, content, locked.project.root)
    for change in changes:
        terminal.echo(str(change))
    terminal.echo(
        f"{locked.name}: {len(changes)} change{'s' * (len(changes) != 1)}; run `mlopsctl render` to update the tree"
    )
    return cli.OK
