"""Find what a verb is about, and read it: the workspace or the single spec, its lock, and where output goes.

In: the path a person gave, or the current folder. Out: a project with its documents. Files are named by their path
from the project's root, so that the same project reads the same from every folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from msgspec import Struct

from mlopsctl.cli.files import Disk, Files
from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.source.node import Items, Node, Scalar, find

SPEC, WORKSPACE, LOCK = "mlops.yaml", "workspace.yaml", "mlops.lock"


class Project(Struct, frozen=True):
    """What was found and read. `root` is the repository's root, or the folder of the file where there is none.

    `focus` is the one spec a person named inside a workspace; findings of other specs are not theirs.
    """

    root: Path
    home: Path
    documents: Documents
    diagnostics: tuple[Diagnostic, ...]
    focus: str | None


def load(path: str | None) -> Project:
    """Find and read the project at `path`, or upward from the current folder; a usage error where there is none."""
    main = located(path)
    return read(Disk(repository(main.parent) or main.parent), main)


def located(path: str | None) -> Path:
    """Find the workspace's or spec's file at `path`, or upward from here; a usage error where there is none."""
    start = Path(path or ".").resolve()
    if path and not start.exists():
        raise click.UsageError(f"`{path}` does not exist")
    main = main_file(start, searching=path is None)
    if main is None:
        where = f"in `{path}`" if path else "here or in any folder above"
        raise click.UsageError(f"there is no {WORKSPACE} or {SPEC} {where}; name one, or see `mlopsctl --help`")
    return main


def main_file(start: Path, *, searching: bool) -> Path | None:
    """Return the workspace's or spec's file for a starting point."""
    if not start.is_dir():
        return start
    folders = [start, *start.parents] if searching else [start]
    stop = repository(start)
    for folder in folders:
        for name in (WORKSPACE, SPEC):
            if (folder / name).is_file():
                return folder / name
        if folder == stop:
            break
    return None


def repository(folder: Path) -> Path | None:
    """Return the git repository's root that `folder` lies in."""
    return next((up for up in (folder, *folder.parents) if (up / ".git").exists()), None)


def read(files: Files, main: Path) -> Project:
    """Read a workspace or a spec, wherever its files are, and what belongs to it."""
    found: list[Diagnostic] = []
    node = _node(files, main, found)
    if node is not None and _is_workspace(main, node):
        return _workspace(files, main, node, found, None)
    around = _workspace_of(files, main) if node is not None else None
    if around:
        return _workspace(files, around[0], around[1], found, main)
    lock = main.parent / LOCK
    systems = (Document(_name(files, main), node),) if node is not None else ()
    locked = _document(files, lock, found)
    documents = Documents(systems, None, locked, _name(files, lock), _unread(files, [lock], [locked]), tuple(found))
    return Project(files.root, main.parent, documents, tuple(found), None)


def _workspace_of(files: Files, spec: Path) -> tuple[Path, Node] | None:
    """Return the workspace above a spec that lists it."""
    for folder in spec.parents:
        file = folder / WORKSPACE
        if files.is_file(file):
            node = _node(files, file, [])
            if node is not None and spec in listed(files, file, node):
                return file, node
        if folder == files.root:
            break
    return None


def _workspace(files: Files, file: Path, node: Node, found: list[Diagnostic], focus: Path | None) -> Project:
    lock = file.parent / LOCK
    specs = listed(files, file, node)
    found += _unmatched(files, file, node)
    systems = [_document(files, spec, found) for spec in specs]
    locked = _document(files, lock, found)
    documents = Documents(
        tuple(one for one in systems if one),
        Document(_name(files, file), node),
        locked,
        _name(files, lock),
        _unread(files, [*specs, lock], [*systems, locked]),
        tuple(found),
    )
    return Project(files.root, file.parent, documents, tuple(found), _name(files, focus) if focus else None)


def _unread(files: Files, asked: Sequence[Path], documents: Sequence[Document | None]) -> tuple[str, ...]:
    """Return the names of the files that are there and could not be read."""
    return tuple(
        _name(files, file) for file, one in zip(asked, documents, strict=True) if one is None and files.is_file(file)
    )


def _unmatched(files: Files, file: Path, node: Node) -> Iterator[Diagnostic]:
    """Report patterns of a workspace that no spec matches."""
    patterns = find(node, ("spec", "systems"))
    for i, pattern in enumerate(patterns.values if isinstance(patterns, Items) else ()):
        if isinstance(pattern, Scalar) and _safe(pattern.value) and not files.matching(file.parent, str(pattern.value)):
            message = f"no spec matches `{pattern.value}`"
            yield references.UNMATCHED.at(Place(pattern.span), message, path=f"spec.systems.{i}")


def listed(files: Files, file: Path, node: Node) -> list[Path]:
    """Return the specs that a workspace's patterns name, sorted; nothing outside the repository."""
    patterns = find(node, ("spec", "systems"))
    specs: set[Path] = set()
    for pattern in patterns.values if isinstance(patterns, Items) else ():
        if isinstance(pattern, Scalar) and _safe(pattern.value):
            specs.update(files.matching(file.parent, str(pattern.value)))
    return sorted(specs)


def _safe(pattern: object) -> bool:
    """Tell whether a pattern stays below the workspace's folder; the schema reports one that does not."""
    return isinstance(pattern, str) and pattern != "" and not pattern.startswith("/") and ".." not in pattern.split("/")


def _is_workspace(file: Path, node: Node) -> bool:
    """Tell a workspace by its kind; where that is misspelt, by its file's name."""
    kind = find(node, ("kind",))
    text = kind.value if isinstance(kind, Scalar) else None
    return text == "Workspace" or (file.name == WORKSPACE and text != "MLSystem")


def _node(files: Files, file: Path, found: list[Diagnostic]) -> Node | None:
    node, diagnostics = files.read(file, _name(files, file))
    found += diagnostics
    return node


def _document(files: Files, file: Path, found: list[Diagnostic]) -> Document | None:
    if not files.is_file(file):
        return None
    node = _node(files, file, found)
    return Document(_name(files, file), node) if node is not None else None


def _name(files: Files, file: Path) -> str:
    return os.path.relpath(file, files.root).replace(os.sep, "/")


def known_environments(project: Project, asked: Sequence[str]) -> None:
    """Hold what a person asked for to the environments there are; a usage error where one does not exist."""
    if not asked or not (project.documents.systems or project.documents.workspace):
        return
    from mlopsctl.compile import environments

    known = environments(project.documents)
    unknown = next((name for name in asked if known and name not in known), None)
    if unknown:
        hint = did_you_mean(unknown, known) or f"there are {', '.join(known)}"
        raise click.UsageError(f"there is no environment `{unknown}`; {hint}")


def output_folder(project: Project, folder: Path) -> Path:
    """Return a resolved folder that the tree may go to: never outside the project's root."""
    if folder == project.root or not folder.is_relative_to(project.root):
        raise click.UsageError(f"the output must be a folder below `{project.root.name}/`, the project's root")
    return folder
