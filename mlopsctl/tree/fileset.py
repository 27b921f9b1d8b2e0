"""Files in memory: the output of targets, before writing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from msgspec import Struct

from mlopsctl.tree.paths import SafePath


class File(NamedTuple):
    """One text file; it is written as UTF-8.

    `objects` has the API version and kind of each Kubernetes object in the file. `values` are the
    objects that `content` encodes, which patches change.
    """

    path: SafePath
    content: str
    objects: tuple[tuple[str, str], ...] = ()
    values: tuple[Mapping[str, Any], ...] = ()


class FileSet(Struct, frozen=True):
    """Files sorted by path. Paths are distinct on every system, also case-insensitively."""

    files: tuple[File, ...] = ()

    @classmethod
    def of(cls, *items: File | Iterable[File]) -> FileSet:
        """Collect files and iterables of files; raise ValueError if two paths collide."""
        files: list[File] = []
        for item in items:
            if isinstance(item, File):
                files.append(item)
            else:
                files.extend(item)
        files.sort(key=itemgetter(0))
        _refuse_collisions(files)
        return cls(tuple(files))

    @classmethod
    def union(cls, filesets: Iterable[FileSet]) -> FileSet:
        """Return all files of all sets; raise ValueError if two paths collide."""
        return cls.of(*filesets)

    def under(self, prefix: str) -> FileSet:
        """Return the same files inside the folder `prefix`."""
        folder = SafePath.of(prefix)
        return FileSet(tuple(file._replace(path=file.path.under(folder)) for file in self.files))

    def encoded(self) -> FileSet:
        """Return the same files without the objects that their texts encode."""
        return FileSet(tuple([file._replace(values=()) if file.values else file for file in self.files]))

    @property
    def paths(self) -> tuple[SafePath, ...]:
        """All paths, sorted."""
        return tuple(file.path for file in self.files)

    def digest(self) -> str:
        """Return the SHA-256 over all paths and contents, as hex."""
        from hashlib import sha256

        hasher = sha256()
        for path, content, *_ in self.files:
            data = content.encode()
            hasher.update(f"{len(path.encode())} {path} {len(data)} ".encode())
            hasher.update(data)
        return hasher.hexdigest()

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each file by its path."""
        from hashlib import sha256

        return {str(path): sha256(content.encode()).hexdigest() for path, content, *_ in self.files}

    def __len__(self) -> int:
        return len(self.files)

    def __iter__(self) -> Iterator[File]:
        return iter(self.files)


def _refuse_collisions(files: list[File]) -> None:
    """Raise ValueError for twins of a path, of a folder, and for a file where a folder must be."""
    names: dict[str, str] = {}
    folders: set[str] = set()
    for path, *_ in files:
        if type(path) is not SafePath:
            raise TypeError(f"a file's path is a SafePath, not {type(path).__name__}")
        _claim(names, path, "file")
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            _claim(names, folder, "folder")
            folder = folder.rpartition("/")[0]


def _claim(names: dict[str, str], path: str, kind: str) -> None:
    """Claim the case-insensitive name of `path`."""
    folded = path.lower() if path.isascii() else unicodedata.normalize("NFC", path.casefold())
    if folded in names:
        raise ValueError(f"two files collide: {str(names[folded])!a} and the {kind} {str(path)!a}")
    names[folded] = path
