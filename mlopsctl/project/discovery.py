"""Find and read the project of a command: the workspace or the single spec, its lock, and the output folder.

Files are named by their path from the project's root, independent of the current folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.errors import UsageError
from mlopsctl.project.files import Disk, Files
from mlopsctl.project.links import leaves_repository
from mlopsctl.resolve.bind_manifests import named_files
from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.source.limits import LOCK_FILE
from mlopsctl.source.node import Items, Node, Scalar, find
from mlopsctl.tree.paths import SafePath, UnsafePath

SPEC, WORKSPACE, LOCK = "mlops.yaml", "workspace.yaml", LOCK_FILE


class Project(Struct, frozen=True):
    """A loaded project. `root` is the repository's root, or without a repository the workspace's or spec's folder.

    `focus` is the given spec inside a workspace; diagnostics of other specs are not reported.
    """

    root: Path
    home: Path
    documents: Documents
    diagnostics: tuple[Diagnostic, ...]
    focus: str | None


def load(path: str | None) -> Project:
    """Find and read the project at `path`, or upward from the current folder; UsageError if there is none."""
    main = located(path)
    return read(Disk(root_of(main)), main)


def root_of(main: Path) -> Path:
    """Return a project's root: the repository's, otherwise the folder of the spec's workspace, or its own."""
    return repository(main.parent) or _outside_git(main)


def _outside_git(main: Path) -> Path:
    for folder in main.parent.parents:
        file = folder / WORKSPACE
        if file.is_file() and workspace_of(Disk(folder), main):
            return folder
    return main.parent


def located(path: str | None) -> Path:
    """Find the workspace's or spec's file at `path`, or upward from the current folder; UsageError if there is none."""
    start = _start(path)
    main = main_file(start, searching=path is None)
    if main is None:
        where = f"in `{path}`" if path else "in this folder or above it"
        raise UsageError(f"there is no {WORKSPACE} or {SPEC} {where}; pass a path, or see `mlopsctl --help`")
    return main


def _start(path: str | None) -> Path:
    """Return the starting point: a folder, or the given file, which may be a link."""
    start = Path(path or ".")
    if path and not os.path.lexists(start):
        raise UsageError(f"`{path}` does not exist")
    if leaves_repository(start):
        raise UsageError(f"`{path}` leads out of the repository through a link: pass the file itself")
    return start.resolve() if start.is_dir() else start.parent.resolve() / start.name


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
    """Return the root of the git repository of `folder`."""
    return next((up for up in (folder, *folder.parents) if (up / ".git").exists()), None)


def read(files: Files, main: Path) -> Project:
    """Read a workspace or a spec from any source of files, with its lock and systems."""
    diagnostics: list[Diagnostic] = []
    node = _node(files, main, diagnostics)
    if node is not None and _is_workspace(main, node):
        return _workspace(files, main, node, diagnostics, None)
    around = workspace_of(files, main) if node is not None else None
    if around:
        return _workspace(files, around[0], around[1], diagnostics, main)
    lock = main.parent / LOCK
    systems = (Document(_name(files, main), node),) if node is not None else ()
    locked = _document(files, lock, diagnostics)
    extra = _extra(files, systems, diagnostics)
    unread = _unread(files, [lock], [locked])
    documents = Documents(systems, None, locked, _name(files, lock), unread, tuple(diagnostics), extra=extra)
    return Project(files.root, main.parent, documents, tuple(diagnostics), None)


def workspace_of(files: Files, spec: Path) -> tuple[Path, Node] | None:
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


def _workspace(files: Files, file: Path, node: Node, diagnostics: list[Diagnostic], focus: Path | None) -> Project:
    lock = file.parent / LOCK
    specs = listed(files, file, node)
    diagnostics += _unmatched(files, file, node)
    systems = [_document(files, spec, diagnostics) for spec in specs]
    locked = _document(files, lock, diagnostics)
    shared = Document(_name(files, file), node)
    extra = _extra(files, (shared, *(system for system in systems if system)), diagnostics)
    documents = Documents(
        tuple(system for system in systems if system),
        shared,
        locked,
        _name(files, lock),
        _unread(files, [*specs, lock], [*systems, locked]),
        tuple(diagnostics),
        extra=extra,
    )
    return Project(files.root, file.parent, documents, tuple(diagnostics), _name(files, focus) if focus else None)


def _extra(files: Files, owners: Iterable[Document], diagnostics: list[Diagnostic]) -> dict[str, Document]:
    """Read the manifests that specs name, by their files; one that is not there is reported by a rule."""
    read: dict[str, Document] = {}
    for owner in owners:
        for path, span in manifests(files.root / owner.file, owner.node):
            document_diagnostics: list[Diagnostic] = []
            if _name(files, path) not in read and (document := _document(files, path, document_diagnostics)):
                read[document.file] = document
            named = Place(span, "named here")
            diagnostics += [replace(each, related=(*each.related, named)) for each in document_diagnostics]
    return read


def manifests(spec: Path, node: Node) -> Iterator[tuple[Path, Span]]:
    """Yield the files of the manifests that a spec names, below its folder, with the place of the name."""
    for name in named_files(node):
        if _safe(name.value):
            yield spec.parent / str(name.value), name.span


def _unread(files: Files, paths: Sequence[Path], documents: Sequence[Document | None]) -> tuple[str, ...]:
    """Return the names of existing files that could not be read."""
    return tuple(
        _name(files, file)
        for file, document in zip(paths, documents, strict=True)
        if document is None and files.is_file(file)
    )


def _unmatched(files: Files, file: Path, node: Node) -> Iterator[Diagnostic]:
    """Report patterns of a workspace that no spec matches."""
    patterns = find(node, ("spec", "systems"))
    for i, pattern in enumerate(patterns.values if isinstance(patterns, Items) else ()):
        if isinstance(pattern, Scalar) and _safe(pattern.value) and not files.matching(file.parent, str(pattern.value)):
            message = f"no spec matches `{pattern.value}`"
            is_file = str(pattern.value).endswith((".yaml", ".yml"))
            help = "" if is_file else f"patterns match files, not folders: `{str(pattern.value).rstrip('/')}/{SPEC}`"
            yield references.UNMATCHED.at(Place(pattern.span), message, help=help, path=f"spec.systems.{i}")


def listed(files: Files, file: Path, node: Node) -> list[Path]:
    """Return the specs that match a workspace's patterns, sorted; nothing outside the repository."""
    patterns = find(node, ("spec", "systems"))
    specs: set[Path] = set()
    for pattern in patterns.values if isinstance(patterns, Items) else ():
        if isinstance(pattern, Scalar) and _safe(pattern.value):
            specs.update(files.matching(file.parent, str(pattern.value)))
    return sorted(specs)


def _safe(pattern: object) -> bool:
    """Return whether a pattern stays below the workspace's folder; the schema reports one that does not."""
    return isinstance(pattern, str) and pattern != "" and not pattern.startswith("/") and ".." not in pattern.split("/")


def _is_workspace(file: Path, node: Node) -> bool:
    """Return whether a file is a workspace: by its kind, or by its name if the kind is misspelt."""
    kind = find(node, ("kind",))
    text = kind.value if isinstance(kind, Scalar) else None
    return text == "Workspace" or (file.name == WORKSPACE and text != "MLSystem")


def _node(files: Files, file: Path, diagnostics_found: list[Diagnostic]) -> Node | None:
    node, diagnostics = files.read(file, _name(files, file))
    diagnostics_found += diagnostics
    return node


def _document(files: Files, file: Path, diagnostics: list[Diagnostic]) -> Document | None:
    if not files.is_file(file):
        return None
    node = _node(files, file, diagnostics)
    return Document(_name(files, file), node) if node is not None else None


def _name(files: Files, file: Path) -> str:
    return os.path.relpath(file, files.root).replace(os.sep, "/")


def known_environments(project: Project, names: Sequence[str]) -> None:
    """Raise UsageError for an unknown environment."""
    if not names or not (project.documents.systems or project.documents.workspace):
        return
    from mlopsctl.compiler import environments

    existing = environments(project.documents)
    unknown = next((name for name in names if existing and name not in existing), None)
    if unknown is not None:
        hint = did_you_mean(unknown, existing) or f"environments: {', '.join(existing)}"
        raise UsageError(f"there is no environment `{unknown}`; {hint}")


def output_folder(project: Project, folder: Path) -> Path:
    """Return the resolved output folder, never outside the project's root."""
    if folder == project.root or not folder.is_relative_to(project.root):
        raise UsageError(f"the output folder must be below the project's root, `{project.root.name}/`")
    try:
        SafePath.of(folder.relative_to(project.root).as_posix())
    except UnsafePath as unsafe:
        raise UsageError(f"the output folder cannot be {unsafe}") from unsafe
    return folder


def concerns(diagnostic: Diagnostic, focus: str | None) -> bool:
    """Return whether a diagnostic is about the given spec, or about files that all specs share."""
    if focus is None or diagnostic.place is None:
        return True
    files = {place.span.file for place in (diagnostic.place, *diagnostic.related)}
    return focus in files or diagnostic.place.span.file.endswith((WORKSPACE, LOCK))
