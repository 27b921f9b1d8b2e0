"""Check links: they may only lead to another document of the repository.

A pull request can contain a link to any file of the machine that checks it, and diagnostics quote what is read.
"""

from __future__ import annotations

import os
from pathlib import Path

_GIT = ".git"
_DOCUMENTS = {".yaml": (".yaml", ".yml"), ".yml": (".yaml", ".yml"), ".lock": (".lock",)}
"""The allowed targets of links, by suffix."""


def refusal(path: Path, root: Path) -> str:
    """Return why a file below the root is not read; empty if it may be read."""
    real = Path(os.path.realpath(path))
    base = Path(os.path.realpath(root))
    if not real.is_relative_to(base):
        return "a link leads out of the project"
    if _GIT in (part.lower() for part in real.relative_to(base).parts):
        return "it is inside git's own folder"
    if path.is_symlink() and real.suffix not in _DOCUMENTS.get(path.suffix, ()):
        return f"a link leads to `{real.name}`, which is not a document"
    return ""


def may_be_shown(path: Path, root: Path) -> bool:
    """Return whether diagnostics may quote a file: it has a document's name, and is read as one."""
    return path.suffix in _DOCUMENTS and not refusal(path, root)


def leaves_repository(path: Path) -> bool:
    """Return whether a path inside a repository leads out of it."""
    written = Path(os.path.abspath(path))  # noqa: PTH100 - links stay as they are written
    root = next((up for up in written.parents if (up / _GIT).exists()), None)
    return root is not None and not Path(os.path.realpath(written)).is_relative_to(os.path.realpath(root))
