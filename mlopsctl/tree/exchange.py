"""Swap two names in one system call.

In: two open folders and a name in each. Out: whether it was done. Never falls back to anything else.
"""

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
    """Return `renameat2` of Linux or `renameatx_np` of macOS, which give the swap the same number."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    for name in ("renameat2", "renameatx_np"):
        if call := getattr(libc, name, None):
            call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
            call.restype = ctypes.c_int
            found: _Rename = call
            return found
    return None


def exchange(one: int, name: str, two: int, other: str) -> bool:
    """Swap `name` in the folder `one` with `other` in the folder `two`.

    Return False where the platform or the file system has no such call; raise OSError otherwise.
    """
    call = _system_call()
    if call is None:
        return False
    if call(one, os.fsencode(name), two, os.fsencode(other), _EXCHANGE) == 0:
        return True
    import ctypes

    number = ctypes.get_errno()
    if number in _REFUSALS:
        return False
    raise OSError(number, os.strerror(number), other)


def flush(fd: int) -> bool:
    """Bring the whole file system of `fd` to disk; return False where there is no such call."""
    import ctypes

    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return False
    if call(fd) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return True
