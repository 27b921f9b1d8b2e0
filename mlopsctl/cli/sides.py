"""The two sides of a comparison: what the specs here say, and what stood at a ref, in a project or in a folder.

In: a project and what a person named. Out: what was decided or rendered there, with findings and words for what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from msgspec import Struct

from mlopsctl.blueprint.model import Shared
from mlopsctl.cli import project as projects
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.resolve.documents import Documents

_ABBREVIATED = 10
_TOLD = 5


class Side(Struct, frozen=True):
    """One side: what was decided, or the files of a tree that was rendered before, by `environment/unit/file`."""

    called: str
    shared: tuple[Shared, ...] = ()
    files: dict[str, str] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    documents: Documents | None = None
    commit: str = ""


def decided(project: projects.Project, environments: Sequence[str], called: str, *, broken: bool = False) -> Side:
    """Check a project and decide everything; a system with an error is left out, unless `broken` ones are wanted."""
    from mlopsctl.compile import check

    shared, found = check(project.documents, environments, broken=broken) if project.documents.systems else ((), ())
    return Side(called, shared, None, (*project.diagnostics, *found), project.documents)


def other(
    project: projects.Project,
    against: str | None,
    environments: Sequence[str],
    *,
    broken: bool = False,
    then: projects.Project | None = None,
) -> Side:
    """Return what a project is compared with: a folder or a ref that a person named, else where the change began.

    `then` is the project at the ref, where it was read before.
    """
    from mlopsctl.cli import at_ref

    if against and Path(against).is_dir():
        _one_meaning(project.root, against)
        return _folder(Path(against).resolve(), against, environments, broken)
    ref = against or at_ref.default_ref(project.root)
    whole = at_ref.commit_of(project.root, ref)
    commit = whole[:_ABBREVIATED]
    called = f"{ref} ({commit})" if not commit.startswith(ref[:_ABBREVIATED]) else commit
    there = then or at_ref.counterpart(project, ref)
    called = called if any(there.documents.all) else f"{called}, which does not have this project"
    side = decided(there, environments, called, broken=broken)
    return Side(called, side.shared, None, _as_one(side), side.documents, whole)


def trees(old: Side, new: Side) -> tuple[dict[str, str], dict[str, str]]:
    """Render both sides; an environment where both decided the same is left out of both."""
    same = {one.environment for one in new.shared if old.files is None and one in old.shared}
    return _rendered(old, same), _rendered(new, same)


def _rendered(side: Side, leave_out: Iterable[str]) -> dict[str, str]:
    from mlopsctl.compile import render

    if side.files is not None:
        return side.files
    return {
        f"{one.environment}/{unit}/{file.path}": file.content
        for one in side.shared
        if one.environment not in leave_out
        for unit, files in render(one).items()
        for file in files
    }


def _folder(folder: Path, called: str, environments: Sequence[str], broken: bool) -> Side:
    """Return a folder's side: a tree that was rendered, or a project."""
    from mlopsctl.tree import load

    if load.is_rendered(folder):
        files, diagnostics = load.load(folder, environments)
        return Side(f"the tree in {called}", (), files, diagnostics)
    then = decided(projects.load(called), environments, f"the project in {called}", broken=broken)
    return Side(then.called, then.shared, None, _as_one(then), then.documents)


def _one_meaning(root: Path, against: str) -> None:
    """Refuse a name that is a folder and a ref: which is meant is not known."""
    from mlopsctl.cli import at_ref

    try:
        at_ref.commit_of(root, against)
    except click.UsageError:
        return
    raise click.UsageError(f"`{against}` is a folder and a ref; write `./{against}` or `refs/heads/{against}`")


def _as_one(side: Side) -> tuple[Diagnostic, ...]:
    """Return one finding for all errors of the other side: they are not this change's to mend."""
    errors = [one for one in side.diagnostics if one.severity is Severity.ERROR]
    if not errors:
        return ()
    told = sorted({f"{one.code} in `{one.place.span.file}`" if one.place else one.code for one in errors})
    more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    message = f"{side.called} cannot be rendered whole: {', '.join(told[:_TOLD])}{more}"
    return (codes.OTHER_SIDE.at(None, message),)
