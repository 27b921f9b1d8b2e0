"""Files and folders by descriptor: links are not followed, paths have one part, and modes ignore the umask."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK = 1 << 20
_UNEXPECTED_MODES = 0o7111

FILE_MODE = 0o644
FOLDER_MODE = 0o755
DEPTH = 64
"""The maximum depth of folders below a unit."""


@contextmanager
def opened(at: int, name: str) -> Iterator[int]:
    """Open the folder `name` in the folder `at`; a link in its place is an error."""
    fd = os.open(name, _FOLDER, dir_fd=at)
    try:
        yield fd
    finally:
        os.close(fd)


@contextmanager
def reached(at: int, parts: Iterable[str], *, create: bool = False) -> Iterator[int]:
    """Open the folder at the end of `parts`, one part at a time; with `create`, create missing folders."""
    fd = os.dup(at)
    try:
        for part in parts:
            if create and inode(fd, part) is None:
                make(fd, part)
            below = os.open(part, _FOLDER, dir_fd=fd)
            os.close(fd)
            fd = below
        yield fd
    finally:
        os.close(fd)


def make(at: int, name: str, mode: int = FOLDER_MODE) -> None:
    """Create a folder with exactly this mode."""
    os.mkdir(name, mode, dir_fd=at)
    with opened(at, name) as fd:
        os.fchmod(fd, mode)


def matched(at: int, name: str, data: bytes) -> tuple[bool, os.stat_result]:
    """Return whether the file's content equals `data`, and its state; reads at most one byte more."""
    fd = os.open(name, _READ, dir_fd=at)
    try:
        return os.read(fd, len(data) + 1) == data, os.fstat(fd)
    finally:
        os.close(fd)


def is_executable(at: int, name: str) -> bool:
    """Return whether the name is an executable or setuid file."""
    try:
        return has_unexpected_mode(os.stat(name, dir_fd=at, follow_symlinks=False))
    except FileNotFoundError:
        return False


def has_unexpected_mode(state: os.stat_result) -> bool:
    """Return whether a file has a mode that no rendered file has; the umask decides about read and write access."""
    return bool(state.st_mode & _UNEXPECTED_MODES)


def digest(at: int, name: str) -> str:
    """Return the SHA-256 of a file as hex."""
    from hashlib import sha256

    hasher = sha256()
    fd = os.open(name, _READ, dir_fd=at)
    try:
        while chunk := os.read(fd, _CHUNK):
            hasher.update(chunk)
    finally:
        os.close(fd)
    return hasher.hexdigest()


def read(at: int, name: str, limit: int) -> bytes:
    """Return a file's bytes, at most `limit` + 1."""
    chunks, left = [], limit + 1
    fd = os.open(name, _READ, dir_fd=at)
    try:
        while left and (chunk := os.read(fd, min(left, _CHUNK))):
            chunks.append(chunk)
            left -= len(chunk)
    finally:
        os.close(fd)
    return b"".join(chunks)


def create(at: int, name: str, data: bytes, *, sync: bool) -> None:
    """Write a new file; with `sync`, flush it to disk."""
    fd = os.open(name, _CREATE, FILE_MODE, dir_fd=at)
    try:
        os.fchmod(fd, FILE_MODE)
        _write(fd, data)
        if sync:
            os.fsync(fd)
    finally:
        os.close(fd)


def copy(at: int, name: str, into: int) -> None:
    """Copy a file of any size, with its mode, into another folder."""
    source = os.open(name, _READ, dir_fd=at)
    try:
        mode = os.fstat(source).st_mode & 0o777
        target = os.open(name, _CREATE, mode, dir_fd=into)
        try:
            while chunk := os.read(source, _CHUNK):
                _write(target, chunk)
            os.fchmod(target, mode)
            os.fsync(target)
        finally:
            os.close(target)
    finally:
        os.close(source)


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def inode(at: int, name: str) -> int | None:
    """Return the inode of an entry, or None."""
    try:
        return os.stat(name, dir_fd=at, follow_symlinks=False).st_ino
    except FileNotFoundError:
        return None


def is_folder(at: int, name: str) -> bool:
    """Return whether the name is a folder, not a link to one."""
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def is_empty(at: int, name: str) -> bool:
    """Return whether a folder is empty."""
    with opened(at, name) as fd, os.scandir(fd) as entries:
        return next(entries, None) is None


def remove(at: int, name: str, depth: int = DEPTH + 8) -> None:
    """Delete a folder with its content; a link is deleted, not followed."""
    if not depth:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), name)
    with opened(at, name) as fd:
        with suppress(PermissionError):
            os.fchmod(fd, 0o700)
        with os.scandir(fd) as entries:
            below = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for child, has_children in below:
            if has_children:
                remove(fd, child, depth - 1)
            else:
                os.unlink(child, dir_fd=fd)
    os.rmdir(name, dir_fd=at)


def prune_empty(at: int, name: str, depth: int = DEPTH) -> None:
    """Delete the empty folders at and below `name`."""
    with opened(at, name) as fd:
        with os.scandir(fd) as entries:
            below = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        for child in below if depth else ():
            prune_empty(fd, child, depth - 1)
    with suppress(OSError):
        os.rmdir(name, dir_fd=at)


def merge(at: int, name: str, into: int, other: str) -> None:
    """Move every file below the folder `name` to its place below `other`, replacing existing files."""
    if inode(into, other) is None:
        make(into, other)
    with opened(at, name) as source, opened(into, other) as target:
        with os.scandir(source) as entries:
            below = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for child, has_children in below:
            if has_children:
                merge(source, child, target, child)
            else:
                os.replace(child, child, src_dir_fd=source, dst_dir_fd=target)
        os.fsync(target)
