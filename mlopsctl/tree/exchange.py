"""Swap two names in one system call."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from functools import cache

_EXCHANGE = 2
_REFUSALS = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV})

_Rename = Callable[[int, bytes, int, bytes, int], int]


@cache
def _system_call() -> _Rename | None:
    """Return `renameat2` of Linux or `renameatx_np` of macOS, which use the same flag for the swap."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    for name in ("renameat2", "renameatx_np"):
        if function := getattr(libc, name, None):
            function.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
            function.restype = ctypes.c_int
            rename: _Rename = function
            return rename
    return None


def exchange(fd: int, name: str, two: int, other: str) -> bool:
    """Swap `name` in the folder `fd` with `other` in the folder `two`.

    Return False if the platform or the file system does not support it; raise OSError on other errors.
    """
    rename = _system_call()
    if rename is None:
        return False
    if rename(fd, os.fsencode(name), two, os.fsencode(other), _EXCHANGE) == 0:
        return True
    import ctypes

    number = ctypes.get_errno()
    if number in _REFUSALS:
        return False
    raise OSError(number, os.strerror(number), other)


def flush(fd: int) -> bool:
    """Flush the file system of `fd` to disk; return False if there is no such call."""
    import ctypes

    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        return False
    if syncfs(fd) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return True
