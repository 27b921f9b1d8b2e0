"""Read a file's bytes: regular files up to a size limit only, so that pipes and devices do not block."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from mlopsctl.diagnostics.codes import reading
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.source.decode import too_large
from mlopsctl.source.limits import limits_of

REASONS = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "a part of its path is no folder",
    errno.EACCES: "you may not read it",
    errno.EPERM: "you may not read it",
    errno.ELOOP: "its symbolic links lead in a circle",
    errno.ENAMETOOLONG: "the path is too long",
}
KINDS = (
    (stat.S_ISDIR, "it is a folder"),
    (stat.S_ISFIFO, "it is a pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)
# Opening a pipe without O_NONBLOCK waits for a writer; the kind is only certain once it is open.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)


def read_bytes(path: str | Path, display: str) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """Return the bytes of the regular file at `path`; diagnostics call it `display`."""
    try:
        if odd := special_file_kind(os.stat(path).st_mode):  # noqa: PTH116 - a str may stay one
            return None, (unreadable(display, odd),)
        handle = os.open(path, FLAGS)
    except (OSError, ValueError) as error:
        return None, (unreadable(display, reason(error)),)
    try:
        return read_open(handle, display)
    except OSError as error:
        return None, (unreadable(display, reason(error)),)
    finally:
        os.close(handle)


def read_open(handle: int, display: str) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """Return an open file's content, after checking that it is regular and within the limit."""
    status, limit = os.fstat(handle), limits_of(display).bytes
    if odd := special_file_kind(status.st_mode):
        return None, (unreadable(display, odd),)
    if status.st_size > limit:
        return None, (too_large(display, status.st_size),)
    data = b""
    while chunk := os.read(handle, limit + 1 - len(data)):
        data += chunk
    return (None, (too_large(display, len(data)),)) if len(data) > limit else (data, ())


def special_file_kind(mode: int) -> str:
    """Return the kind of a file that is not regular; empty if it is."""
    if stat.S_ISREG(mode):
        return ""
    return next((name for test, name in KINDS if test(mode)), "it is no ordinary file")


def reason(error: OSError | ValueError) -> str:
    """Return why a file could not be opened."""
    if isinstance(error, OSError) and error.errno is not None:
        return REASONS.get(error.errno) or os.strerror(error.errno)
    return "its path holds a character that no path can hold"


def unreadable(display: str, why: str) -> Diagnostic:
    """Report a file that cannot be read."""
    return reading.UNREADABLE_FILE.at(Place(Span(display, 1, 1, 1, 1)), f"cannot read `{display}`: {why}")
