"""The few rendered files that lie outside of the output folder, because their host reads them in one place alone.

In: the repository's root, the wanted files and the workspace file they come from. Out: what each would become, and the
files written. A file's first line says which workspace it was rendered from, with the hash of the rest: that is how
ours are known, and hand edits are found. Never overwrites or deletes a file of somebody else's, never follows a link.
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
from mlopsctl.tree.faults import Refused, at, shown
from mlopsctl.tree.fileset import FileSet
from mlopsctl.tree.paths import SafePath
from mlopsctl.tree.root import held, output_folder

State = Literal["unchanged", "missing", "stale", "edited by hand", "left over", "not rendered"]

_HEAD = re.compile(r"# Rendered by mlopsctl from (.+): edit that, and render again\. sha256:([0-9a-f]{64})")
_DRAFT = ".mlopsctl.draft"
_LIMIT = 1 << 20
_WAIT = 5.0


class Outcome(NamedTuple):
    """What has become of each file, or would. With an error among the diagnostics nothing was written."""

    states: Mapping[str, State] = MappingProxyType({})
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the files are, or can be made, what was rendered."""
        return not has_errors(self.diagnostics)

    @property
    def clean(self) -> bool:
        """Whether a write would change nothing, and nothing is left over."""
        return self.ok and all(state == "unchanged" for state in self.states.values())


def sealed(content: str, source: str) -> str:
    """Return a file's whole text: the line that makes it ours, and the content."""
    digest = sha256(content.encode()).hexdigest()
    return f"# Rendered by mlopsctl from {shown(source)}: edit that, and render again. sha256:{digest}\n{content}"


def compare(root: Path, files: FileSet, source: str, places: Iterable[str]) -> Outcome:
    """Tell what `write` would do. `places` are the paths that such files can have; `*` stands for any name."""
    try:
        states = dict(_wanted(root, files, source))
        states |= {path: "left over" for path in _ours(root, source, places) if path not in states}
    except Refused as refused:
        return Outcome(diagnostics=(refused.diagnostic,))
    return Outcome(states, tuple(_told(states)))


def write(root: Path, files: FileSet, source: str, places: Iterable[str]) -> Outcome:
    """Put each file at its place, whole or not at all; nothing is written where one of them cannot be."""
    found = compare(root, files, source, places)
    try:
        for file in files if found.ok else ():
            if found.states[file.path] != "unchanged":
                _put(root, file.path, sealed(file.content, source).encode())
    except Refused as refused:
        return Outcome(diagnostics=(refused.diagnostic,))
    return found


def _wanted(root: Path, files: FileSet, source: str) -> Iterator[tuple[str, State]]:
    for path, content, _ in files:
        there = _read(root, path)
        yield path, "missing" if there is None else _state(there, sealed(content, source), source)


def _state(there: bytes, wanted: str, source: str) -> State:
    """Tell what stands in a wanted file's place."""
    if there == wanted.encode():
        return "unchanged"
    if not _is_from(there, source):
        return "not rendered"
    return "stale" if _is_whole(there) else "edited by hand"


def _is_from(data: bytes, source: str) -> bool:
    """Tell whether a file says that it was rendered from this workspace."""
    head = _HEAD.fullmatch(data.partition(b"\n")[0].decode(errors="replace"))
    return head is not None and head[1] == shown(source)


def _is_whole(data: bytes) -> bool:
    first, _, rest = data.partition(b"\n")
    return first.endswith(sha256(rest).hexdigest().encode())


def _ours(root: Path, source: str, places: Iterable[str]) -> Iterator[str]:
    """Yield the files at such places that were rendered from this workspace, whole or edited."""
    for place in places:
        parent, _, pattern = place.rpartition("/")
        for name in fnmatch.filter(_names(root / parent, root), pattern):
            path = f"{parent}/{name}" if parent else name
            with suppress(Refused):  # what cannot be read without following a link is not ours
                if _is_from(_read(root, path) or b"", source):
                    yield path


def _names(parent: Path, root: Path) -> list[str]:
    with suppress(Refused), output_folder(parent, root, create=False) as fd, at(str(parent)):
        if fd is not None:
            with os.scandir(fd) as entries:
                return sorted(entry.name for entry in entries)
    return []


def _read(root: Path, path: str) -> bytes | None:
    """Return what is at a path, None where nothing is; a link on the way is refused."""
    parent, _, name = path.rpartition("/")
    with output_folder(root / parent, root, create=False) as fd, at(path):
        if fd is None or folder.inode(fd, name) is None:
            return None
        return folder.read(fd, name, _LIMIT)


def _put(root: Path, path: SafePath, data: bytes) -> None:
    """Write a file beside its place and rename it there. The lock keeps two renders from sharing the draft."""
    with output_folder(root / path.parent, root, create=True) as fd, at(path):
        assert fd is not None  # noqa: S101 - it was created
        with held(fd, _WAIT, alone=True):
            with suppress(FileNotFoundError):
                os.unlink(_DRAFT, dir_fd=fd)
            folder.create(fd, _DRAFT, data, sync=True)
            os.rename(_DRAFT, path.name, src_dir_fd=fd, dst_dir_fd=fd)
            os.fsync(fd)


def _told(states: dict[str, State]) -> Iterator[Diagnostic]:
    for path, state in states.items():
        if state == "not rendered":
            yield codes.FOREIGN_CI.at(None, f"`{shown(path)}`: {codes.FOREIGN_CI.title}")
        elif state == "left over":
            help = f"delete it: git rm {shown(path)}"
            yield codes.LEFTOVER_CI.at(None, f"`{shown(path)}`: {codes.LEFTOVER_CI.title}", help=help)
