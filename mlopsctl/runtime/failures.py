"""Describe external failures of a step, in one sentence each."""

from __future__ import annotations

import errno


def sentence(error: BaseException) -> str:
    """Return a sentence on an exception: a known external cause if there is one, otherwise the library's message."""
    return outside_cause(error) or f"{type(error).__name__}: {first_line(error) or 'no reason given'}"


def outside_cause(error: BaseException) -> str:
    """Return a sentence on an external failure; empty if it may be a bug."""
    return next((message for link in _chain(error) if (message := _cause_sentence(link))), "")


def first_line(error: BaseException) -> str:
    """Return the first non-empty line of an exception's text."""
    lines = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line), "")


def _chain(error: BaseException) -> list[BaseException]:
    """Return an exception and its causes, the innermost last."""
    base_exceptions: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in base_exceptions:
        base_exceptions.append(link)
        link = link.__cause__ or link.__context__
    return base_exceptions


def _cause_sentence(error: BaseException) -> str:
    text = str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no space left on the disk{_at(error)}"
    if "database or disk is full" in text:
        return "no space left on the disk: sqlite could not write"
    if isinstance(error, PermissionError):
        return f"permission denied{_at(error)}"
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return f"the disk is read-only{_at(error)}"
    if "database is locked" in text:
        return "another run has locked the sqlite database: wait for it, or set a server in the workspace"
    if "file is not a database" in text or "database disk image is malformed" in text:
        return "the sqlite database is corrupt: move it away, and the next run creates a new one"
    if isinstance(error, ModuleNotFoundError):
        return f"the Python package `{error.name}` is not installed; the steps need `mlopsctl[run]`"
    if isinstance(error, MemoryError):
        return "out of memory"
    if isinstance(error, ConnectionError):
        return f"a server does not respond: {first_line(error)}"
    return ""


def _at(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""
