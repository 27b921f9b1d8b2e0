"""The outside world's refusals, told as findings.

In: operating-system errors and file names of any bytes. Out: `Diagnostic` values, printable text.
Never touches a disk.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic

_CODES: dict[int | None, Code] = {
    errno.ENOSPC: codes.FULL,
    errno.EDQUOT: codes.FULL,
    errno.EFBIG: codes.FULL,
    errno.EACCES: codes.DENIED,
    errno.EPERM: codes.DENIED,
    errno.EROFS: codes.READ_ONLY,
    errno.ELOOP: codes.LINK,
}


class Refused(Exception):  # noqa: N818  it is an outcome that ends the run, caught at the door of this room
    """The tree cannot be read or written; `diagnostic` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def fault(error: OSError, where: str) -> Diagnostic:
    """Return the finding for an operating-system error met at `where`."""
    code = _CODES.get(error.errno, codes.OUTSIDE)
    reason = os.strerror(error.errno) if error.errno else str(error)
    return code.at(None, f"`{shown(where)}`: {reason}")


@contextmanager
def at(where: str) -> Iterator[None]:
    """Turn an operating-system error of the block into `Refused` that names `where`."""
    try:
        yield
    except OSError as error:
        raise Refused(fault(error, where)) from error


def shown(path: str) -> str:
    """Return a file name as printable ASCII; names on disk may hold anything."""
    return path if path.isascii() and path.isprintable() else ascii(path)[1:-1]
