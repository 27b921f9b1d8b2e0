"""Read only the systems that a change can reach: those whose specs differ, who reads them, and whom they read.

In: the two places that a project's files are in, a working tree and a commit. Out: the same project from both, without
the systems that are the same on both sides and have nothing to do with the rest. What is the same is known by git's
name for its content, so nothing of it is parsed. Never narrows where something differs that every system stands on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mlopsctl.cli import project as projects
from mlopsctl.cli.at_ref import Commit, commit_of, name_of_content
from mlopsctl.cli.files import Disk, Files
from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.documents import name_of
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, find, leaves, plain

_REFERENCE = re.compile(r"([a-z][-a-z0-9]*):[a-z_]")


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
        shared = [main, main.parent / projects.LOCK]
        if any(_here(file) != _there(commit, file) for file in shared[:1]):
            return None
        specs = _specs(here, main) | _specs(commit, main)
        texts = {spec: _bytes(spec) or commit.content(spec) or b"" for spec in specs}
        changed = {spec for spec in specs if _here(spec) != _there(commit, spec)}
        locked = _locked(shared[1], commit)
        kept = _reached(changed, texts, locked, lambda spec: _nodes(here, commit, spec)) if locked is not None else None
        if kept is None:
            return None
        said = b"\n".join(texts[spec] for spec in sorted(kept))
        same = _here(shared[1]) == _there(commit, shared[1])
        now = _read(Narrowed(here, kept), main, said)
        lock = now.documents.lock
        return now, _read(Narrowed(commit, kept, lock.node if lock and same else None), main, said)


def _read(files: Narrowed, main: Path, said: bytes) -> projects.Project:
    """Read a project; of its lock, only what the kept specs may name."""
    project = projects.read(files, main)
    lock = project.documents.lock
    lock = lock._replace(node=_named(lock.node, said)) if lock else None
    # That a pattern matches none of the kept specs says nothing.
    found = tuple(one for one in project.diagnostics if one.code != references.UNMATCHED.code)
    documents = replace(project.documents, lock=lock, beside=len(files.left), found=found)
    return replace(project, documents=documents, diagnostics=found)


def _named(lock: Node, said: bytes) -> Node:
    """Return a lock without the images and models whose names stand in none of the texts."""
    environments = find(lock, ("environments",))
    if not isinstance(lock, MappingNode) or not isinstance(environments, MappingNode):
        return lock
    some = {name: entry._replace(value=_kinds(entry.value, said)) for name, entry in environments.entries.items()}
    whole = lock.entries["environments"]._replace(value=environments._replace(entries=some))
    return lock._replace(entries={**lock.entries, "environments": whole})


def _kinds(environment: Node, said: bytes) -> Node:
    if not isinstance(environment, MappingNode):
        return environment
    kept = {}
    for kind, entry in environment.entries.items():
        value = entry.value
        if isinstance(value, MappingNode):
            some = {name: one for name, one in value.entries.items() if name.partition("@")[0].encode() in said}
            entry = entry._replace(value=value._replace(entries=some))  # noqa: PLW2901
        kept[kind] = entry
    return environment._replace(entries=kept)


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


def _nodes(here: Files, commit: Files, spec: Path) -> list[Node]:
    """Return a spec's trees on both sides."""
    found = (files.read(spec, spec.name)[0] for files in (here, commit) if files.is_file(spec))
    return [node for node in found if node is not None]


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


def _reached(
    changed: set[Path], texts: Mapping[Path, bytes], locked: Iterable[str], nodes: Callable[[Path], list[Node]]
) -> frozenset[Path] | None:
    """Return the specs to read; None where one refers to a system whose spec cannot be told from its text."""
    changed = changed | {spec for spec, text in texts.items() if any(name.encode() in text for name in locked)}
    names = {name for spec in changed for node in nodes(spec) if (name := name_of(node))}
    reading = {spec for spec, text in texts.items() if any(f"{name}:".encode() in text for name in names)}
    kept = changed | reading or {*sorted(texts)[:1]}
    for name in {name for spec in kept for node in nodes(spec) for name in _references(node)}:
        defining = _defining(name, texts)
        if not defining:
            return None
        kept |= defining
    return frozenset(kept)


def _references(node: Node) -> Iterator[str]:
    """Yield the systems that a spec names in references."""
    for path, scalar in leaves(node):
        if "sets" in path or "transforms" in path:
            found = _REFERENCE.match(scalar.text)
            if found:
                yield found[1]


def _defining(name: str, texts: Mapping[Path, bytes]) -> set[Path]:
    pattern = re.compile(rb"\bname:\s*[\"']?" + re.escape(name.encode()) + rb"(?![-a-z0-9])")
    return {spec for spec, text in texts.items() if pattern.search(text)}
