"""The output folder: opened without following links, and locked by one writer at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.tree import folder
from mlopsctl.tree.os_errors import TreeError, at
from mlopsctl.tree.unit_scan import refusal

_POLL_INTERVAL_S = 0.05
_NO_LOCKS = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EISDIR})


@contextmanager
def output_folder(root: Path, within: Path | None, *, create: bool) -> Iterator[int | None]:
    """Open `root`; yield None if it is missing and not to be created.

    No part of `root` below `within` (else: only its last part) may be a link.
    """
    start = within if within is not None else root.parent
    parts = root.relative_to(start).parts
    if ".." in parts:
        raise ValueError("the output folder must be resolved")
    with ExitStack() as stack:
        with at(str(root)):
            if create and within is None:
                start.mkdir(parents=True, exist_ok=True)
            base = _start(start)
        if base is None:
            yield None
            return
        stack.callback(os.close, base)
        for part in parts:
            with at(str(root)):
                if not _enterable(base, part, root, create=create):
                    yield None
                    return
                base = stack.enter_context(folder.opened(base, part))
        yield base


def _start(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None


def _enterable(base: int, part: str, root: Path, *, create: bool) -> bool:
    """Create the folder if it is missing and wanted; reject anything else of that name."""
    try:
        kind = os.stat(part, dir_fd=base, follow_symlinks=False).st_mode
    except FileNotFoundError:
        if create:
            _make(base, part)
        return create
    if stat.S_ISLNK(kind):
        raise TreeError(refusal(codes.LINK, str(root)))
    if not stat.S_ISDIR(kind):
        raise TreeError(refusal(codes.BLOCKED, str(root)))
    return True


def _make(base: int, part: str) -> None:
    try:
        folder.make(base, part)
    except FileExistsError:
        return


@contextmanager
def locked(base: int, lock_timeout_s: float, *, alone: bool) -> Iterator[tuple[Diagnostic, ...]]:
    """Hold the lock on the open output folder: `alone` to write, together with others to read.

    Waits up to about `lock_timeout_s` seconds. Yields a warning if the file system has no locks.
    """
    kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    try:
        _acquire(base, kind, lock_timeout_s)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        yield (codes.NO_LOCK.at(None, codes.NO_LOCK.title),)
        return
    try:
        yield ()
    finally:
        fcntl.flock(base, fcntl.LOCK_UN)


def _acquire(base: int, kind: int, lock_timeout_s: float) -> None:
    """Try until the lock is free; attempts are counted, no clock is read."""
    import time

    for _ in range(int(lock_timeout_s / _POLL_INTERVAL_S)):
        try:
            fcntl.flock(base, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_POLL_INTERVAL_S)
        else:
            return
    try:
        fcntl.flock(base, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise TreeError(codes.BUSY.at(None, codes.BUSY.title)) from None
