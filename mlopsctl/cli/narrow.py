"""Read only the systems that a change can reach: those whose specs differ, who reads them, and whom they read.

In: the two places that a project's files are in, a working tree and a commit. Out: the same project from both, without
the systems that are the same on both sides and have nothing to do with the rest. What is the same is known by git's
name for its content, so nothing of it is parsed. Never narrows where something differs that every system stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mlopsctl.cli import project as projects
from mlopsctl.cli.at_ref import Commit, commit_of, name_of_content
from mlopsctl.cli.files import Disk, Files
from mlopsctl.cli.reach import Specs, may_name, reached
from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, find, plain


class Narrowed:
    """Some of the files that another source has: of the specs only those that are kept."""

    def __init__(self, files: Files, kept: frozenset[Path], lock: Node | None = None) -> None:
        self.files, self.kept, self.root, self.lock = files, kept, files.root, lock
        self.left: set[Path] = set()

    def is_file(self, path: Path) -> bool:
        """Tell whether there is a file."""
        return self.files.is_file(path)

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the kept files that a pattern names."""
        every = sorted(self.files.matching(folder, pattern))
        some = [one for one in every if one in self.kept]
        self.left.update({*every} - {*some})
        return some

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file; findings name it `name`. A lock that is the same on the other side was read there."""
        if self.lock is not None and path.name == projects.LOCK:
            return self.lock, ()
        return self.files.read(path, name)


def narrowed(root: Path, main: Path, ref: str) -> tuple[projects.Project, projects.Project] | None:
    """Return a workspace as it is here and at `ref`, without what the change cannot reach; None where that is all."""
    with Commit(root, commit_of(root, ref)) as commit:
        here = Disk(root)
        lock = main.parent / projects.LOCK
        if _here(main) != _there(commit, main):
            return None
        texts = {
            spec: _bytes(spec) or commit.content(spec) or b"" for spec in _specs(here, main) | _specs(commit, main)
        }
        changed = {spec for spec in texts if _here(spec) != _there(commit, spec)}
        locked, own = _locked(lock, commit), _bytes(main) or b""
        if locked is None or any(may_name(own, name) for name in locked):
            return None
        kept = reached(Specs(texts, partial(_tree, here), partial(_tree, commit)), changed, locked)
        if kept is None:
            return None
        before = (commit.content(spec) or b"" for spec in sorted(changed))
        said = [own, *(texts[spec] for spec in sorted(kept)), *before]
        now = _read(Narrowed(here, kept), main, said)
        known = now.documents.lock if _here(lock) == _there(commit, lock) else None
        return now, _read(Narrowed(commit, kept, known.node if known else None), main, said)


def _read(files: Narrowed, main: Path, said: Iterable[bytes]) -> projects.Project:
    """Read a project; of its lock, only what the workspace and the kept specs may name."""
    project = projects.read(files, main)
    lock = project.documents.lock
    lock = lock._replace(node=_named(lock.node, said)) if lock else None
    # That a pattern matches none of the kept specs says nothing.
    found = tuple(one for one in project.diagnostics if one.code != references.UNMATCHED.code)
    documents = replace(project.documents, lock=lock, beside=len(files.left), found=found)
    return replace(project, documents=documents, diagnostics=found)


def _named(lock: Node, said: Iterable[bytes]) -> Node:
    """Return a lock without the images and models whose names stand in none of the texts."""
    environments = find(lock, ("environments",))
    if not isinstance(lock, MappingNode) or not isinstance(environments, MappingNode):
        return lock
    some = {name: entry._replace(value=_kinds(entry.value, said)) for name, entry in environments.entries.items()}
    whole = lock.entries["environments"]._replace(value=environments._replace(entries=some))
    return lock._replace(entries={**lock.entries, "environments": whole})


def _kinds(environment: Node, said: Iterable[bytes]) -> Node:
    if not isinstance(environment, MappingNode):
        return environment
    kept = {}
    for kind, entry in environment.entries.items():
        value = entry.value
        if isinstance(value, MappingNode):
            some = {name: one for name, one in value.entries.items() if _named_in(said, name)}
            entry = entry._replace(value=value._replace(entries=some))  # noqa: PLW2901
        kept[kind] = entry
    return environment._replace(entries=kept)


def _named_in(texts: Iterable[bytes], name: str) -> bool:
    """Tell whether a spec can hold an entry's name, which for a model ends in its alias."""
    return any(may_name(text, name.partition("@")[0]) for text in texts)


def _specs(files: Files, main: Path) -> set[Path]:
    """Return the specs that a workspace lists."""
    node, _ = files.read(main, main.name)
    return set(projects.listed(files, main, node)) if node is not None else set()


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _here(path: Path) -> str | None:
    """Return git's name for what a file holds."""
    data = _bytes(path)
    return None if data is None else name_of_content(data)


def _there(commit: Commit, path: Path) -> str | None:
    found = commit.blob(path)
    return found.oid if found else None


def _tree(files: Files, spec: Path) -> Node | None:
    return files.read(spec, spec.name)[0] if files.is_file(spec) else None


def _locked(lock: Path, commit: Commit) -> set[str] | None:
    """Return the names that the lock settles differently; None where it differs in more than entries."""
    if _here(lock) == _there(commit, lock):
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
    found: dict[tuple[str, str, str], Any] = {}
    data: Any = plain(node)
    for environment, kinds in _mapping(data.get("environments")).items():
        for kind, entries in _mapping(kinds).items():
            for name, entry in _mapping(entries).items():
                found[environment, kind, name] = entry
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
