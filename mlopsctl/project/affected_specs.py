"""Load only the systems that a change can affect: changed specs, their readers, and the systems they read.

Unchanged files are recognised by their git object name and not parsed. If a file that all systems depend on changes,
all systems are loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.project import discovery as projects
from mlopsctl.project.files import Disk, Files
from mlopsctl.project.git_tree import Commit, commit_of, name_of_content
from mlopsctl.project.spec_references import Specs, defining_specs, may_name, reached
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, find, plain


class SelectedFiles:
    """A filtered source of files, with only some of the specs."""

    def __init__(self, files: Files, kept: frozenset[Path], lock: Node | None = None) -> None:
        self.files, self.kept, self.root, self.lock = files, kept, files.root, lock
        self.left: set[Path] = set()

    def is_file(self, path: Path) -> bool:
        """Return whether a file exists."""
        return self.files.is_file(path)

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the kept files that match a pattern."""
        matching = sorted(self.files.matching(folder, pattern))
        some = [item for item in matching if item in self.kept]
        self.left.update({*matching} - {*some})
        return some

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file; diagnostics call it `name`. A lock that is equal on the other side is read only there."""
        if self.lock is not None and path.name == projects.LOCK:
            return self.lock, ()
        return self.files.read(path, name)


def narrowed(root: Path, main: Path, ref: str) -> tuple[projects.Project, projects.Project] | None:
    """Return a workspace now and at `ref`, with only the systems that the change can affect; None for all systems."""
    with Commit(root, commit_of(root, ref)) as commit:
        disk = Disk(root)
        lock = main.parent / projects.LOCK
        if _blob_on_disk(main) != _blob_at_commit(commit, main):
            return None
        texts = {
            spec: _bytes(spec) or commit.content(spec) or b"" for spec in _specs(disk, main) | _specs(commit, main)
        }
        changed = {
            spec
            for spec, text in texts.items()
            if _differs(spec, commit) or _manifests_differ(spec, text, disk, commit)
        }
        if _manifests_differ(main, _bytes(main) or b"", disk, commit):
            return None
        locked, own = _locked(lock, commit), _bytes(main) or b""
        if locked is None or any(may_name(own, name) for name in locked):
            return None
        kept = reached(Specs(texts, partial(_tree, disk), partial(_tree, commit)), changed, locked)
        if kept is None:
            return None
        before = (commit.content(spec) or b"" for spec in sorted(changed))
        texts_read = [own, *(texts[spec] for spec in sorted(kept)), *before]
        now = _read_project(SelectedFiles(disk, kept), main, texts_read)
        document = now.documents.lock if _blob_on_disk(lock) == _blob_at_commit(commit, lock) else None
        return now, _read_project(SelectedFiles(commit, kept, document.node if document else None), main, texts_read)


class _Workspace(NamedTuple):
    """A workspace's file, and the texts of the specs that it lists."""

    file: Path
    texts: Mapping[Path, bytes]


def load_focused(path: str | None) -> projects.Project:
    """Read a project; for a given spec of a workspace, only the specs that it reads and that read it.

    Diagnostics about other specs are not reported for it, and its own diagnostics need no other specs.
    """
    main = projects.located(path)
    project = focused(main) if main.name != projects.WORKSPACE else None
    return project or projects.load(path)


def focused(spec: Path) -> projects.Project | None:
    """Read a spec, the specs it reads and those that read it; None without a workspace, or for the whole workspace."""
    files = Disk(projects.root_of(spec))
    workspace = _workspace(files, spec)
    return _around(files, workspace, spec) if workspace else None


def of_system(main: Path, system: str) -> projects.Project | None:
    """Read a system of the project of `main` as `focused` does; None if no spec or several may be the system's."""
    files = Disk(projects.root_of(main))
    workspace = _workspace(files, main)
    specs = defining_specs(system, workspace.texts) if workspace else set()
    return _around(files, workspace, *specs) if workspace and len(specs) == 1 else None


def _workspace(files: Files, main: Path) -> _Workspace | None:
    """Read the workspace that `main` is, or that lists it."""
    if main.name == projects.WORKSPACE:
        file, node = main, files.read(main, main.name)[0]
    else:
        file, node = projects.workspace_of(files, main) or (main, None)
    return (
        _Workspace(file, {spec: _bytes(spec) or b"" for spec in projects.listed(files, file, node)}) if node else None
    )


def _around(files: Files, workspace: _Workspace, spec: Path) -> projects.Project | None:
    """Read a spec with its related specs; None if that is the whole workspace, or unknown."""
    texts = workspace.texts
    kept = reached(Specs(texts, partial(_tree, files), lambda _: None), {spec}, ())
    if kept is None or kept == texts.keys():
        return None
    texts_read = [_bytes(workspace.file) or b"", *(texts[path] for path in sorted(kept))]
    return _read_project(SelectedFiles(files, kept), spec, texts_read)


def _read_project(files: SelectedFiles, main: Path, texts_read: Iterable[bytes]) -> projects.Project:
    """Read a project; of its lock, only the entries that the workspace and the kept specs may use."""
    project = projects.read(files, main)
    lock = project.documents.lock
    lock = lock._replace(node=_with_named_entries(lock.node, texts_read)) if lock else None
    # A pattern without a match among the kept specs is not reported.
    diagnostics = tuple(
        diagnostic for diagnostic in project.diagnostics if diagnostic.code != references.UNMATCHED.code
    )
    documents = replace(project.documents, lock=lock, not_read=len(files.left), diagnostics=diagnostics)
    return replace(project, documents=documents, diagnostics=diagnostics)


def _with_named_entries(lock: Node, texts_read: Iterable[bytes]) -> Node:
    """Return a lock with only the images and models whose names occur in the texts."""
    environments = find(lock, ("environments",))
    if not isinstance(lock, MappingNode) or not isinstance(environments, MappingNode):
        return lock
    some = {name: entry._replace(value=_kinds(entry.value, texts_read)) for name, entry in environments.entries.items()}
    environments_entry = lock.entries["environments"]._replace(value=environments._replace(entries=some))
    return lock._replace(entries={**lock.entries, "environments": environments_entry})


def _kinds(environment: Node, texts_read: Iterable[bytes]) -> Node:
    if not isinstance(environment, MappingNode):
        return environment
    kinds_kept = {}
    for kind, entry in environment.entries.items():
        value = entry.value
        if isinstance(value, MappingNode):
            some = {name: item for name, item in value.entries.items() if _named_in(texts_read, name)}
            entry = entry._replace(value=value._replace(entries=some))  # noqa: PLW2901
        kinds_kept[kind] = entry
    return environment._replace(entries=kinds_kept)


def _named_in(texts: Iterable[bytes], name: str) -> bool:
    """Return whether a spec can contain an entry's name; a model's name ends in its alias."""
    return any(may_name(text, name.partition("@")[0]) for text in texts)


def _differs(path: Path, commit: Commit) -> bool:
    return _blob_on_disk(path) != _blob_at_commit(commit, path)


def _manifests_differ(spec: Path, text: bytes, disk: Disk, commit: Commit) -> bool:
    """Return whether a manifest that a spec names differs; a spec without the section is not parsed for that."""
    node = _tree(disk, spec) if b"extra" in text else None
    return node is not None and any(_differs(path, commit) for path, _ in projects.manifests(spec, node))


def _specs(files: Files, main: Path) -> set[Path]:
    """Return the specs that a workspace lists."""
    node, _ = files.read(main, main.name)
    return set(projects.listed(files, main, node)) if node is not None else set()


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _blob_on_disk(path: Path) -> str | None:
    """Return the git object name of a file's content."""
    data = _bytes(path)
    return None if data is None else name_of_content(data)


def _blob_at_commit(commit: Commit, path: Path) -> str | None:
    blob = commit.blob(path)
    return blob.oid if blob else None


def _tree(files: Files, spec: Path) -> Node | None:
    return files.read(spec, spec.name)[0] if files.is_file(spec) else None


def _locked(lock: Path, commit: Commit) -> set[str] | None:
    """Return the names with different lock entries; None if the lock differs in more than entries."""
    if _blob_on_disk(lock) == _blob_at_commit(commit, lock):
        return set()
    now, then = (_entries(files, lock) for files in (Disk(commit.root), commit))
    if now is None or then is None:
        return None
    differing = {key for key in {*now, *then} if now.get(key) != then.get(key)}
    return {name.partition("@")[0] for _, kind, name in differing}


def _entries(files: Files, lock: Path) -> dict[tuple[str, str, str], Any] | None:
    node = files.read(lock, lock.name)[0] if files.is_file(lock) else None
    if not isinstance(node, MappingNode):
        return None
    entries_by_key: dict[tuple[str, str, str], Any] = {}
    data: Any = plain(node)
    for environment, kinds in _mapping(data.get("environments")).items():
        for kind, entries in _mapping(kinds).items():
            for name, entry in _mapping(entries).items():
                entries_by_key[environment, kind, name] = entry
    return entries_by_key


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
