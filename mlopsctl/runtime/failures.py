"""What the outside world does to a step, in one sentence each.

In: an exception of a library. Out: a sentence for a person. Never a traceback.
"""

from __future__ import annotations

import errno


def sentence(error: BaseException) -> str:
    """Say what happened; the cause that people know goes before the library's own words."""
    return known(error) or f"{type(error).__name__}: {first_line(error) or 'no reason given'}"


def known(error: BaseException) -> str:
    """Say what the outside world did; an empty text where it may be a mistake of ours."""
    return next((said for each in _chain(error) if (said := _known(each))), "")


def first_line(error: BaseException) -> str:
    """Return the first line of an exception's own text that says something."""
    lines = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line), "")


def _chain(error: BaseException) -> list[BaseException]:
    """Return an exception and what it came from, the innermost last."""
    found: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in found:
        found.append(each)
        each = each.__cause__ or each.__context__
    return found


def _known(error: BaseException) -> str:
    text = str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no space is left on the disk{_at(error)}"
    if "database or disk is full" in text:
        return "no space is left on the disk: sqlite could not write"
    if isinstance(error, PermissionError):
        return f"permission is denied{_at(error)}"
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return f"the disk is read-only{_at(error)}"
    if "database is locked" in text:
        return "the sqlite database is locked by another run: wait for it, or name a server in the workspace"
    if "file is not a database" in text or "database disk image is malformed" in text:
        return "the sqlite database is damaged: move it away, and the next run makes a new one"
    if isinstance(error, ModuleNotFoundError):
        return f"the Python package `{error.name}` is not installed; the steps need `mlopsctl[run]`"
    if isinstance(error, MemoryError):
        return "memory ran out"
    if isinstance(error, ConnectionError):
        return f"a server does not answer: {first_line(error)}"
    return ""


def _at(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""
