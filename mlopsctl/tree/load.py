"""Read a tree that a render wrote.

Reads only the files in the indexes, and never follows a link.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.tree import folder, index
from mlopsctl.tree.os_errors import TreeError, at
from mlopsctl.tree.paths import SafePath, UnsafePath
from mlopsctl.tree.root import output_folder

_LIMIT = 64 << 20


def is_rendered(root: Path) -> bool:
    """Return whether a folder contains a rendered environment."""
    return root.is_dir() and any((environment / index.NAME).is_file() for environment in root.iterdir())


def load(root: Path, only: Collection[str] = ()) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Return the files of the environments below `root`, or of the given ones; missing files are skipped."""
    try:
        with output_folder(root, None, create=False) as base, at(str(root)):
            if base is None:
                return {}, ()
            diagnostics: list[Diagnostic] = []
            files = {path: text for name in _environments(base, only) for path, text in _files(base, name, diagnostics)}
            return files, tuple(diagnostics)
    except TreeError as refused:
        return {}, (refused.diagnostic,)


def _environments(base: int, only: Collection[str]) -> list[str]:
    with os.scandir(base) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    return [name for name in names if _is_plain(name) and (not only or name in only)]


def _is_plain(name: str) -> bool:
    try:
        return len(SafePath.of(name).parts) == 1
    except UnsafePath:
        return False


def _files(base: int, environment: str, read_diagnostics: list[Diagnostic]) -> Iterator[tuple[str, str]]:
    with folder.opened(base, environment) as inside:
        written, diagnostics = index.read(inside, environment)
        read_diagnostics += diagnostics
        for unit, hashes in written.units.items() if written else ():
            for path in hashes:
                parts = SafePath.of(path).parts
                try:
                    with folder.reached(inside, (unit, *parts[:-1])) as at_folder:
                        data = folder.read(at_folder, parts[-1], _LIMIT)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                yield f"{environment}/{unit}/{path}", data.decode("utf-8", errors="replace")
