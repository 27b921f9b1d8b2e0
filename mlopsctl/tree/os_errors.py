"""Turn operating-system errors into diagnostics with printable file names."""

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


class TreeError(Exception):
    """The tree cannot be read or written; `diagnostic` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def fault(error: OSError, where: str) -> Diagnostic:
    """Return the diagnostic of an operating-system error at `where`."""
    code = _CODES.get(error.errno, codes.OUTSIDE)
    reason = os.strerror(error.errno) if error.errno else str(error)
    return code.at(None, f"`{printable_name(where)}`: {reason}")


@contextmanager
def at(where: str) -> Iterator[None]:
    """Raise `TreeError` with `where` for an operating-system error in the block."""
    try:
        yield
    except OSError as error:
        raise TreeError(fault(error, where)) from error


def printable_name(path: str) -> str:
    """Return a file name as printable ASCII; names on disk may contain any byte."""
    return path if path.isascii() and path.isprintable() else ascii(path)[1:-1]
