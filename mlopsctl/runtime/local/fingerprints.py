"""Hashes of files and folders, fast if nothing has changed.

A file with unchanged size and times is not read again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


class Fingerprints:
    """Remembers the hash of each file with its size and times; `save` keeps that for the next run."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._known: dict[str, list[Any]] = _remembered(memory)
        self._seen: dict[str, list[Any]] = {}

    def digest(self, path: Path) -> str:
        """Return the hash of a file, or of everything in a folder; the hash of nothing for a missing path."""
        if path.is_dir():
            return self.together([(file.relative_to(path).as_posix(), file) for file in sorted(_files(path))])
        return self._file(path) if path.is_file() else ""

    def together(self, named_files: list[tuple[str, Path]]) -> str:
        """Return the hash of several files by name."""
        digest = hashlib.sha256()
        for name, path in named_files:
            digest.update(f"{name}\0{self._file(path)}\0".encode())
        return digest.hexdigest()

    def save(self) -> None:
        """Save the hashes for the next run."""
        partial = self._memory.with_suffix(".partial")
        partial.write_text(json.dumps(self._seen, indent=0))
        partial.replace(self._memory)

    def _file(self, path: Path) -> str:
        state = path.stat()
        key, stamp = str(path), [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
        remembered = self._seen.get(key) or self._known.get(key)
        if remembered is None or remembered[:-1] != stamp:
            with path.open("rb") as file:
                remembered = [*stamp, hashlib.file_digest(file, "sha256").hexdigest()]
        self._seen[key] = remembered
        return str(remembered[-1])


def _files(folder: Path) -> list[Path]:
    """List a folder's files, without Python's caches."""
    return [file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts]


def _remembered(memory: Path) -> dict[str, list[Any]]:
    try:
        entries = json.loads(memory.read_text())
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}
