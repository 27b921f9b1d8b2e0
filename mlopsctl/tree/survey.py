"""What stands in one unit's folder, measured against what should stand there.

In: an open environment folder, the unit's wanted files and the hashes the index has for it. Out: a
`Survey`. Reads each file at most once where nothing changed, and never follows a link.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec import Struct

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.tree import folder
from mlopsctl.tree.faults import shown


class Survey(Struct):
    """Paths relative to the unit, by what has become of them.

    `edited` repeats those of the others whose state on disk is not what the index says was written;
    `carried` are the files no render wrote, `foreign` the same with whole folders folded into one entry;
    `seen` are the wanted and known ones that exist.
    """

    where: str
    wanted: Mapping[str, str]
    known: Mapping[str, str]
    added: list[str] = []
    changed: list[str] = []
    removed: list[str] = []
    edited: list[str] = []
    carried: list[str] = []
    foreign: list[str] = []
    diagnostics: list[Diagnostic] = []
    exists: bool = False
    seen: set[str] = set()

    @property
    def differs(self) -> bool:
        """Whether the folder has to be written."""
        return bool(self.added or self.changed or self.removed)


def survey(at: int, where: str, unit: str, wanted: Mapping[str, str], known: Mapping[str, str]) -> Survey:
    """Compare the folder `unit` in the open folder `at` with `wanted` (path to content)."""
    found = Survey(where, wanted, known)
    found.exists = folder.is_folder(at, unit)
    if found.exists:
        with folder.opened(at, unit) as fd:
            _walk(found, fd, "", 0)
    found.added = [path for path in wanted if path not in found.seen]
    found.edited += [path for path in found.added if path in known]
    if found.carried:
        _refuse_blocked(found)
    for paths in (found.added, found.changed, found.removed, found.edited, found.carried, found.foreign):
        paths.sort()
    return found


def _walk(found: Survey, fd: int, prefix: str, depth: int) -> None:
    folders = []
    with os.scandir(fd) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                _file(found, fd, entry.name, prefix + entry.name)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                code = codes.LINK if entry.is_symlink() else codes.SPECIAL
                found.diagnostics.append(refusal(code, f"{found.where}/{prefix}{entry.name}"))
    if folders and depth == folder.DEPTH:
        found.diagnostics.append(refusal(codes.TOO_DEEP, f"{found.where}/{prefix}"))
        return
    for name in folders:
        ours, foreign = len(found.seen), len(found.foreign)
        path = f"{prefix}{name}/"
        with folder.opened(fd, name) as below:
            _walk(found, below, path, depth + 1)
        if len(found.seen) == ours and len(found.foreign) > foreign:
            found.foreign[foreign:] = [path]


def _file(found: Survey, fd: int, name: str, path: str) -> None:
    content, written = found.wanted.get(path), found.known.get(path)
    if content is None and written is None:
        found.carried.append(path)
        found.foreign.append(path)
        return
    found.seen.add(path)
    if content is None:
        found.removed.append(path)
    elif folder.holds(fd, name, content.encode()):
        return
    else:
        found.changed.append(path)
    if written is not None and folder.digest(fd, name) != written:
        found.edited.append(path)


def _refuse_blocked(found: Survey) -> None:
    """Report foreign files that stand where a wanted file or folder must be."""
    folders = {parent for path in found.wanted for parent in _parents(path)}
    for path in found.carried:
        if path in folders or any(parent in found.wanted for parent in _parents(path)):
            found.diagnostics.append(refusal(codes.BLOCKED, f"{found.where}/{path}"))


def _parents(path: str) -> list[str]:
    return [path[:i] for i, character in enumerate(path) if character == "/"]


def refusal(code: Code, path: str) -> Diagnostic:
    """Return the finding of `code` about one path of the output."""
    return code.at(None, f"`{shown(path)}`: {code.title}")
