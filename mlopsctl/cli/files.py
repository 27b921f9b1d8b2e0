"""Where a project's files are read from: the disk here, a commit in `at_ref`.

In: paths. Out: whether there is a file, which files a pattern names, and the tree of one. A path is the same for
every source of files, so that a project reads the same from each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.source.node import Node
from mlopsctl.source.reader import read_file


class Files(Protocol):
    """What finding a project needs to know. `root` is the folder that nothing is read outside of."""

    root: Path

    def is_file(self, path: Path) -> bool:
        """Tell whether there is a file."""

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files below a folder that a pattern names."""

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file; findings name it `name`."""


class Disk:
    """The files of the working tree."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def is_file(self, path: Path) -> bool:
        """Tell whether there is a file."""
        return path.is_file()

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files that a pattern names; nothing that a link leads out of the root for."""
        try:
            found = list(folder.glob(pattern))
        except (ValueError, OSError, IndexError):
            return []
        return [one for one in found if one.is_file() and one.resolve().is_relative_to(self.root)]

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file; findings name it `name`."""
        return read_file(path, name)
