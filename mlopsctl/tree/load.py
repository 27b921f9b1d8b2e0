"""Read a tree that a render wrote.

In: the output folder. Out: its files by path (`environment/unit/file`). Reads what the indexes list and nothing
else, and never follows a link.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.tree import folder, index
from mlopsctl.tree.faults import Refused, at
from mlopsctl.tree.paths import SafePath, UnsafePath
from mlopsctl.tree.root import output_folder

_LIMIT = 64 << 20


def is_rendered(root: Path) -> bool:
    """Tell whether a folder holds an environment that a render wrote."""
    return root.is_dir() and any((one / index.NAME).is_file() for one in root.iterdir())


def load(root: Path, only: Collection[str] = ()) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Return the files of the environments below `root`, or of those named; a file that is gone is left out."""
    try:
        with output_folder(root, None, create=False) as base, at(str(root)):
            if base is None:
                return {}, ()
            found: list[Diagnostic] = []
            files = {path: text for name in _environments(base, only) for path, text in _files(base, name, found)}
            return files, tuple(found)
    except Refused as refused:
        return {}, (refused.diagnostic,)


def _environments(base: int, only: Collection[str]) -> list[str]:
    with os.scandir(base) as entries:
        names = sorted(one.name for one in entries if one.is_dir(follow_symlinks=False))
    return [name for name in names if _is_plain(name) and (not only or name in only)]


def _is_plain(name: str) -> bool:
    try:
        return len(SafePath.of(name).parts) == 1
    except UnsafePath:
        return False


def _files(base: int, environment: str, found: list[Diagnostic]) -> Iterator[tuple[str, str]]:
    with folder.opened(base, environment) as inside:
        written, diagnostics = index.read(inside, environment)
        found += diagnostics
        for unit, hashes in written.units.items() if written else ():
            for path in hashes:
                parts = SafePath.of(path).parts
                try:
                    with folder.reached(inside, (unit, *parts[:-1])) as at_folder:
                        data = folder.read(at_folder, parts[-1], _LIMIT)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                yield f"{environment}/{unit}/{path}", data.decode("utf-8", errors="replace")
