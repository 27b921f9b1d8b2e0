"""Compare the content of a unit's folder with the rendered one.

Each file is read at most once, and links are not followed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec import Struct

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.tree import folder
from mlopsctl.tree.os_errors import printable_name


class Survey(Struct):
    """Paths relative to the unit, by their state.

    `edited` repeats those of the others whose state on disk differs from the index;
    `carried` are the files no render wrote, `foreign` the same with whole folders folded into one entry;
    `seen` are the rendered and known ones that exist; `executable` the rendered ones with an executable mode.
    `removed` also has empty folders without rendered files, with a slash at the end.
    """

    path: str
    contents: Mapping[str, str]
    known_hashes: Mapping[str, str]
    added: list[str] = []
    changed: list[str] = []
    removed: list[str] = []
    edited: list[str] = []
    carried: list[str] = []
    foreign: list[str] = []
    diagnostics: list[Diagnostic] = []
    executable: list[str] = []
    exists: bool = False
    present: set[str] = set()

    @property
    def differs(self) -> bool:
        """Return whether the folder must be written."""
        return bool(self.added or self.changed or self.removed)


def survey(at: int, where: str, unit: str, contents: Mapping[str, str], known_hashes: Mapping[str, str]) -> Survey:
    """Compare the folder `unit` in the open folder `at` with `contents` (path to content)."""
    scan = Survey(where, contents, known_hashes)
    scan.exists = folder.is_folder(at, unit)
    if scan.exists:
        with folder.opened(at, unit) as fd:
            _walk(scan, fd, "", 0)
    scan.added = [path for path in contents if path not in scan.present]
    scan.edited += [path for path in scan.added if path in known_hashes]
    if scan.carried:
        _refuse_blocked(scan)
    return scan


def sort(survey: Survey) -> None:
    """Sort every list by path."""
    for paths in (survey.added, survey.changed, survey.removed, survey.edited, survey.carried, survey.foreign):
        paths.sort()


def count_modes(survey: Survey) -> None:
    """Count every executable file as edited by hand, because no render writes one."""
    survey.changed += set(survey.executable).difference(survey.changed)
    survey.edited += set(survey.executable).difference(survey.edited)


def _walk(survey: Survey, fd: int, prefix: str, depth: int) -> None:
    folders = []
    with os.scandir(fd) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                _file(survey, fd, entry.name, prefix + entry.name)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                code = codes.LINK if entry.is_symlink() else codes.SPECIAL
                survey.diagnostics.append(refusal(code, f"{survey.path}/{prefix}{entry.name}"))
    if folders and depth == folder.DEPTH:
        survey.diagnostics.append(refusal(codes.TOO_DEEP, f"{survey.path}/{prefix}"))
        return
    for name in folders:
        ours, foreign, removed = len(survey.present), len(survey.foreign), len(survey.removed)
        path = f"{prefix}{name}/"
        with folder.opened(fd, name) as below:
            _walk(survey, below, path, depth + 1)
        if len(survey.present) > ours:
            continue
        if len(survey.foreign) > foreign:
            survey.foreign[foreign:] = [path]
        elif not any(wanted_path.startswith(path) for wanted_path in survey.contents):
            survey.removed[removed:] = [path]


def _file(survey: Survey, fd: int, name: str, path: str) -> None:
    content, written = survey.contents.get(path), survey.known_hashes.get(path)
    if content is None and written is None:
        survey.carried.append(path)
        survey.foreign.append(path)
        return
    survey.present.add(path)
    if content is None:
        survey.removed.append(path)
    elif _is_whole(survey, fd, name, path):
        return
    else:
        survey.changed.append(path)
    if written is not None and folder.digest(fd, name) != written:
        survey.edited.append(path)


def _is_whole(survey: Survey, fd: int, name: str, path: str) -> bool:
    """Return whether a rendered file has its content, and record other differences."""
    same, state = folder.matched(fd, name, survey.contents[path].encode())
    if folder.has_unexpected_mode(state):
        survey.executable.append(path)
    if state.st_nlink > 1:
        survey.diagnostics.append(refusal(codes.HARD_LINK, f"{survey.path}/{path}"))
    return same


def _refuse_blocked(survey: Survey) -> None:
    """Report foreign files in the place of a rendered file or folder."""
    folders = {parent for path in survey.contents for parent in _parents(path)}
    for path in survey.carried:
        if path in folders or any(parent in survey.contents for parent in _parents(path)):
            survey.diagnostics.append(refusal(codes.BLOCKED, f"{survey.path}/{path}"))


def _parents(path: str) -> list[str]:
    return [path[:i] for i, character in enumerate(path) if character == "/"]


def refusal(code: Code, path: str) -> Diagnostic:
    """Return the diagnostic of `code` about one path of the output."""
    return code.at(None, f"`{printable_name(path)}`: {code.title}")
