"""Sources of a project's files: the disk here, a commit in `git_tree`.

Paths are the same in every source.
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
    """A source of files. Nothing outside of `root` is read."""

    root: Path

    def is_file(self, path: Path) -> bool:
        """Return whether a file exists."""

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files below a folder that match a pattern."""

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file; diagnostics call it `name`."""


class Disk:
    """The files of the working tree."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def is_file(self, path: Path) -> bool:
        """Return whether a file exists."""
        return path.is_file()

    def matching(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files that match a pattern; links are checked when the files are read."""
        try:
            paths = list(folder.glob(pattern))
        except (ValueError, OSError, IndexError):
            return []
        return [path for path in paths if path.is_file()]

    def read(self, path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
        """Read a file, unless it is a link to anything but a document below the root; diagnostics call it `name`."""
        why = refusal(path, self.root)
        return (None, (unreadable(name, why),)) if why else read_file(path, name)
