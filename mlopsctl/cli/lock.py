"""`mlopsctl lock`: write down what every tag and alias stands for; with --check say whether something is missing.

Exit codes: 0 fine, 1 something could not be resolved, and nothing was written, 2 wrong usage, 3 --check found changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

import click

from mlopsctl import cli
from mlopsctl.cli import project as projects

if TYPE_CHECKING:
    from mlopsctl.cli.locks import Locked
    from mlopsctl.lock.changes import Change
    from mlopsctl.lock.uses import Data, Use


@click.command(name="lock")
@click.argument("path", required=False)
@click.option("--env", "environments", multiple=True, help="Only this environment; may be given again.")
@click.option("--upgrade", "names", multiple=True, metavar="NAME", help="Resolve this image or model again.")
@click.option("--upgrade-all", "everything", is_flag=True, help="Resolve every image and model again.")
@click.option("--finish", "finished", multiple=True, metavar="MODEL", help="Let the model's candidate be its version.")
@click.option("--check", "checking", is_flag=True, help="Ask nobody, write nothing; exit 3 if an entry is missing.")
@click.option("--plain-http", "hosts", multiple=True, metavar="HOST", help="An image registry that has no TLS.")
def command(
    path: str | None,
    environments: tuple[str, ...],
    names: tuple[str, ...],
    everything: bool,
    finished: tuple[str, ...],
    checking: bool,
    hosts: tuple[str, ...],
) -> int:
    """Write down in mlops.lock what tags and aliases stand for: digests, versions, artifacts.

    PATH is a workspace, a spec or a folder; left out, the nearest one here or above. What is locked stays as it is
    unless it is upgraded; what is missing is resolved, and what nothing uses is dropped.
    """
    from mlopsctl.cli import locks

    locked = locks.load(path)
    if locked is None:
        return cli.ERRORS
    projects.known_environments(locked.project, environments)
    chosen = environments or tuple(one.environment.name for one in locked.landscapes)
    used = locks.used(locked, chosen)
    gone = _gone(locked, chosen, whole=not environments)
    if checking:
        return _check(locked, used, gone)
    upgraded = _named(used, names)
    data = deepcopy(locked.data)
    changes = list(_finish(data, used, finished))
    wanted = frozenset(used) if everything else frozenset((*upgraded, *locks.missing(used, data)))
    asked = [one for one in used if one in wanted]
    if asked:
        from mlopsctl.cli import resolving

        found, diagnostics = resolving.resolve(asked, upgraded, locked.project.root, frozenset(hosts))
        if locks.show(locked, diagnostics):
            click.echo("nothing is written", err=True)
            return cli.ERRORS
        changes += _put(data, found)
    changes += _drop(data, gone)
    return _write(locked, data, changes)


def _gone(locked: Locked, chosen: Sequence[str], *, whole: bool) -> tuple[tuple[str, str, str], ...]:
    """List what nothing uses: entries of the chosen environments, and of ones that do not exist."""
    from mlopsctl.lock import uses

    found = [key for name in chosen for key in uses.unused(locked.landscape(name), locked.data)]
    known = {one.environment.name for one in locked.landscapes}
    for name in locked.data.get("environments") or {}:
        if whole and name not in known:
            found += [(name, kind, key) for kind in uses.WORDS for key in uses.locked(locked.data, name, kind)]
    return tuple(found)


def _check(locked: Locked, used: Sequence[Use], gone: Sequence[tuple[str, str, str]]) -> int:
    from mlopsctl.cli import locks
    from mlopsctl.lock.uses import WORDS

    lines = [f"{one.environment}: {WORDS[one.kind]} {one.key} is missing" for one in locks.missing(used, locked.data)]
    lines += [f"{environment}: {WORDS[kind]} {key} is used by nothing" for environment, kind, key in gone]
    for line in lines:
        click.echo(line)
    if lines:
        click.echo(f"{locked.name} is not what the specs ask for: run `mlopsctl lock` and commit the result", err=True)
        return cli.CHANGED
    return cli.OK


def _named(used: Sequence[Use], names: Sequence[str]) -> tuple[Use, ...]:
    """Find what a person named: a key, or the name in it; a usage error where nothing has that name."""
    return tuple(dict.fromkeys(one for name in names for one in _matching(used, name)))


def _matching(used: Sequence[Use], name: str) -> list[Use]:
    found = [one for one in used if one.key == name] or [one for one in used if _short(one) == name]
    if not found:
        from mlopsctl.diagnostics.suggest import did_you_mean

        known = dict.fromkeys(known for one in used for known in (one.key, _short(one)))
        hint = did_you_mean(name, known) or "see the images and models that the specs name"
        raise click.UsageError(f"no system names an image or model `{name}`; {hint}")
    return found


def _short(use: Use) -> str:
    """Return a model without its alias, an image without its tag."""
    if use.kind == "models":
        return use.key.partition("@")[0]
    path, slash, last = use.key.rpartition("/")
    return f"{path}{slash}{last.partition(':')[0]}"


def _finish(data: Data, used: Sequence[Use], names: Sequence[str]) -> Iterator[Change]:
    """Let candidates be the versions; one environment at a time, because each rolls out by itself."""
    from mlopsctl.lock.changes import finish

    for name in names:
        models = [one for one in _matching(used, name) if one.kind == "models"]
        rolling = [one for one in models if (_entry(data, one) or {}).get("candidate")]
        if not rolling:
            raise click.UsageError(f"`{name}` has no candidate: nothing is rolled out")
        if len(rolling) > 1:
            where = " and ".join(one.environment for one in rolling)
            raise click.UsageError(f"`{name}` is rolled out in {where}: name one with --env")
        change = finish(data, rolling[0].environment, rolling[0].key)
        if change:
            yield change


def _entry(data: Data, use: Use) -> dict[str, object] | None:
    from mlopsctl.lock.uses import locked

    return locked(data, use.environment, use.kind).get(use.key)


def _put(data: Data, found: Sequence[tuple[Use, object]]) -> Iterator[Change]:
    from mlopsctl.lock.changes import put

    for use, value in found:
        change = put(data, use, value)
        if change:
            yield change


def _drop(data: Data, gone: Sequence[tuple[str, str, str]]) -> Iterator[Change]:
    from mlopsctl.lock.changes import drop

    for key in gone:
        yield drop(data, *key)


def _write(locked: Locked, data: Data, changes: Sequence[Change]) -> int:
    """Write the lock where it changed, and say what did, one line each."""
    from mlopsctl.cli import locks

    if not changes:
        click.echo(f"{locked.name}: nothing to change")
        return cli.OK
    made = locks.edited(locked, data)
    if made is None:
        click.echo("nothing is written", err=True)
        return cli.ERRORS
    locks.write(locked.file, locked.before, made.content, locked.project.root)
    for change in changes:
        click.echo(str(change))
    click.echo(
        f"{locked.name}: {len(changes)} change{'s' * (len(changes) != 1)}; `mlopsctl render` brings them into the tree"
    )
    return cli.OK
