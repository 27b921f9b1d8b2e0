"""Where a project's files are read from: the disk here, a commit in `at_ref`.

A path is the same for every source of files, so that a project reads the same from each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.project.links import refusal
from mlopsctl.source.file import unreadable
from mlopsctl.source.node import Node
from mlopsctl.source.reader import read_file


class Files(Protocol):
    """What finding a project needs to know. `root` is the folder that nothing is read outside of."""

    root: Path

    def is_file(self, path: Path) -> bool:
        """Return whether there is a file."""

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files below a folder that a pattern names."""

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file; findings name it `name`."""


class Disk:
    """The files of the working tree."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def is_file(self, path: Path) -> bool:
        """Return whether there is a file."""
        return path.is_file()

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files that match a pattern; links are checked when the files are read."""
        try:
            paths = list(folder.glob(pattern))
        except (ValueError, OSError, IndexError):
            return []
        return [path for path in paths if path.is_file()]

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file, unless a link leads to what is no document of the root; findings name it `name`."""
        why = refusal(path, self.root)
        return (None, (unreadable(name, why),)) if why else read_file(path, name)
