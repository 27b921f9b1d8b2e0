"""The two sides of a comparison: the working tree, and a git ref, a project or a rendered tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.errors import UsageError
from mlopsctl.project import discovery as projects
from mlopsctl.resolve.documents import Documents

_ABBREVIATED = 10
_MOST_ERRORS = 5


class Side(Struct, frozen=True):
    """One side: the Blueprints, or the files of a rendered tree by `environment/unit/file`."""

    called: str
    shared: tuple[Shared, ...] = ()
    files: dict[str, str] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    documents: Documents | None = None
    commit: str = ""


def decided(project: projects.Project, environments: Sequence[str], called: str, *, broken: bool = False) -> Side:
    """Check a project and build its Blueprints; systems with errors are skipped unless `broken` is set."""
    from mlopsctl.compiler import check

    shared, diagnostics = (
        check(project.documents, environments, broken=broken) if project.documents.systems else ((), ())
    )
    return Side(called, shared, None, (*project.diagnostics, *diagnostics), project.documents)


def other(
    project: projects.Project,
    against: str | None,
    environments: Sequence[str],
    *,
    broken: bool = False,
    then: projects.Project | None = None,
) -> Side:
    """Return the side to compare with: the given folder or ref, else the merge base with the default branch.

    `then` is the project at the ref, if it is already loaded.
    """
    from mlopsctl.project import git_tree

    if against and Path(against).is_dir():
        _one_meaning(project.root, against)
        return _folder(Path(against).resolve(), against, environments, broken)
    ref = against or git_tree.default_ref(project.root)
    full_commit = git_tree.commit_of(project.root, ref)
    commit = full_commit[:_ABBREVIATED]
    called = f"{ref} ({commit})" if not commit.startswith(ref[:_ABBREVIATED]) else commit
    other_project = then or git_tree.counterpart(project, ref)
    called = called if any(other_project.documents.all) else f"{called}, which does not contain this project"
    side = decided(other_project, environments, called, broken=broken)
    return Side(called, side.shared, None, _as_one(side), side.documents, full_commit)


def trees(old: Side, new: Side) -> tuple[dict[str, str], dict[str, str]]:
    """Render both sides; environments with equal Blueprints are left out of both."""
    same = {environment.environment for environment in new.shared if old.files is None and environment in old.shared}
    return _rendered(old, same), _rendered(new, same)


def _rendered(side: Side, leave_out: Iterable[str]) -> dict[str, str]:
    from mlopsctl.compiler import render

    if side.files is not None:
        return side.files
    return {
        f"{environment.environment}/{unit}/{file.path}": file.content
        for environment in side.shared
        if environment.environment not in leave_out
        for unit, files in render(environment).items()
        for file in files
    }


def _folder(folder: Path, called: str, environments: Sequence[str], broken: bool) -> Side:
    """Return the side of a folder: a rendered tree or a project."""
    from mlopsctl.tree import load

    if load.is_rendered(folder):
        files, diagnostics = load.load(folder, environments)
        return Side(f"the tree in {called}", (), files, diagnostics)
    then = decided(projects.load(called), environments, f"the project in {called}", broken=broken)
    return Side(then.called, then.shared, None, _as_one(then), then.documents)


def _one_meaning(root: Path, against: str) -> None:
    """Raise UsageError for a name that is both a folder and a git ref."""
    from mlopsctl.project import git_tree

    try:
        git_tree.commit_of(root, against)
    except UsageError:
        return
    raise UsageError(f"`{against}` is both a folder and a git ref: use `./{against}` or `refs/heads/{against}`")


def _as_one(side: Side) -> tuple[Diagnostic, ...]:
    """Return one diagnostic for all errors of the other side, which this change cannot fix."""
    errors = [diagnostic for diagnostic in side.diagnostics if diagnostic.severity is Severity.ERROR]
    if not errors:
        return ()
    places = sorted({f"{error.code} in `{error.place.span.file}`" if error.place else error.code for error in errors})
    more = f" and {len(places) - _MOST_ERRORS} more" if len(places) > _MOST_ERRORS else ""
    message = f"{side.called} cannot be rendered completely: {', '.join(places[:_MOST_ERRORS])}{more}"
    return (codes.OTHER_SIDE.at(None, message),)
