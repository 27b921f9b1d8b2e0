"""Rendered files outside the output folder, which their host reads at a fixed path.

A file's first line names the workspace and the hash of the rest, which identifies rendered files and edits by hand.
Other files are never overwritten or deleted, and links are not followed.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.tree import folder
from mlopsctl.tree.fileset import FileSet
from mlopsctl.tree.os_errors import TreeError, at, printable_name
from mlopsctl.tree.paths import SafePath
from mlopsctl.tree.root import locked, output_folder

State = Literal["unchanged", "missing", "stale", "edited by hand", "left over", "not rendered"]

_HEAD = re.compile(r"# Rendered by mlopsctl from (.+): edit that, and render again\. sha256:([0-9a-f]{64})")
_DRAFT = ".mlopsctl.draft"
_LIMIT = 1 << 20
_LOCK_TIMEOUT_S = 5.0


class Outcome(NamedTuple):
    """The result for each file. With an error among the diagnostics nothing was written."""

    states: Mapping[str, State] = MappingProxyType({})
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def ok(self) -> bool:
        """Return whether the files are, or can be, written."""
        return not has_errors(self.diagnostics)

    @property
    def clean(self) -> bool:
        """Return whether a write would change nothing, and there are no leftover files."""
        return self.ok and all(state == "unchanged" for state in self.states.values())


def sealed(content: str, source: str) -> str:
    """Return a file's text: the line with workspace and hash, and the content."""
    digest = sha256(content.encode()).hexdigest()
    return (
        f"# Rendered by mlopsctl from {printable_name(source)}: edit that, and render again. sha256:{digest}\n{content}"
    )


def compare(root: Path, files: FileSet, source: str, places: Iterable[str]) -> Outcome:
    """Return what `write` would do. `places` are the paths that such files can have; `*` stands for any name."""
    try:
        states = dict(_file_states(root, files, source))
        states |= {path: "left over" for path in _ours(root, source, places) if path not in states}
    except TreeError as refused:
        return Outcome(diagnostics=(refused.diagnostic,))
    return Outcome(states, tuple(_diagnostics(states)))


def write(root: Path, files: FileSet, source: str, places: Iterable[str]) -> Outcome:
    """Write each file atomically; nothing is written if one of them cannot be written."""
    outcome = compare(root, files, source, places)
    try:
        for file in files if outcome.ok else ():
            if outcome.states[file.path] != "unchanged":
                _write_file(root, file.path, sealed(file.content, source).encode())
    except TreeError as refused:
        return Outcome(diagnostics=(refused.diagnostic,))
    return outcome


def _file_states(root: Path, files: FileSet, source: str) -> Iterator[tuple[str, State]]:
    for path, content, *_ in files:
        on_disk = _read(root, path)
        yield path, "missing" if on_disk is None else _state(on_disk, sealed(content, source), source)


def _state(content: bytes, expected: str, source: str) -> State:
    """Return the state of a rendered file on disk."""
    if content == expected.encode():
        return "unchanged"
    if not _is_from(content, source):
        return "not rendered"
    return "stale" if _is_whole(content) else "edited by hand"


def _is_from(data: bytes, source: str) -> bool:
    """Return whether a file's first line names this workspace."""
    head = _HEAD.fullmatch(data.partition(b"\n")[0].decode(errors="replace"))
    return head is not None and head[1] == printable_name(source)


def _is_whole(data: bytes) -> bool:
    first, _, rest = data.partition(b"\n")
    return first.endswith(sha256(rest).hexdigest().encode())


def _ours(root: Path, source: str, places: Iterable[str]) -> Iterator[str]:
    """Yield the files at such places that were rendered from this workspace, edited or not."""
    for place in places:
        parent, _, pattern = place.rpartition("/")
        for name in fnmatch.filter(_names(root / parent, root), pattern):
            path = f"{parent}/{name}" if parent else name
            with suppress(TreeError):  # files behind a link are not from mlopsctl
                if _is_from(_read(root, path) or b"", source):
                    yield path


def _names(parent: Path, root: Path) -> list[str]:
    with suppress(TreeError), output_folder(parent, root, create=False) as fd, at(str(parent)):
        if fd is not None:
            with os.scandir(fd) as entries:
                return sorted(entry.name for entry in entries)
    return []


def _read(root: Path, path: str) -> bytes | None:
    """Return the content at a path, None if there is none; a link on the way is rejected."""
    parent, _, name = path.rpartition("/")
    with output_folder(root / parent, root, create=False) as fd, at(path):
        if fd is None or folder.inode(fd, name) is None:
            return None
        return folder.read(fd, name, _LIMIT)


def _write_file(root: Path, path: SafePath, data: bytes) -> None:
    """Write a draft next to the file and rename it. The lock prevents two renders from sharing the draft."""
    with output_folder(root / path.parent, root, create=True) as fd, at(path):
        assert fd is not None  # noqa: S101 - it was created
        with locked(fd, _LOCK_TIMEOUT_S, alone=True):
            with suppress(FileNotFoundError):
                os.unlink(_DRAFT, dir_fd=fd)
            folder.create(fd, _DRAFT, data, sync=True)
            os.rename(_DRAFT, path.name, src_dir_fd=fd, dst_dir_fd=fd)
            os.fsync(fd)


def _diagnostics(states: dict[str, State]) -> Iterator[Diagnostic]:
    for path, state in states.items():
        if state == "not rendered":
            yield codes.FOREIGN_CI.at(None, f"`{printable_name(path)}`: {codes.FOREIGN_CI.title}")
        elif state == "left over":
            help = f"delete it: git rm {printable_name(path)}"
            yield codes.LEFTOVER_CI.at(None, f"`{printable_name(path)}`: {codes.LEFTOVER_CI.title}", help=help)
