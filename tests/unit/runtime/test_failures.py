from __future__ import annotations

import errno
import sqlite3

import pytest

from mlopsctl.runtime.failures import sentence


def wrapped(cause: Exception) -> Exception:
    """Return an error as libraries give it: their own around the real one."""
    try:
        try:
            raise cause
        except Exception as error:
            raise RuntimeError("(builtins.Error) something failed\n[SQL: SELECT 1]") from error
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/x"), "no space left on the disk: /data/x"),
        (sqlite3.OperationalError("database or disk is full"), "no space left on the disk: sqlite"),
        (sqlite3.OperationalError("database is locked"), "another run has locked the sqlite database"),
        (sqlite3.DatabaseError("file is not a database"), "the sqlite database is corrupt"),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), "permission denied: /data"),
        (ModuleNotFoundError("No module named 'feast'", name="feast"), "the Python package `feast` is not installed"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "a server does not respond"),
        (MemoryError(), "out of memory"),
    ],
)
def test_the_cause_that_people_know_is_told_however_deep_it_lies(cause: Exception, words: str) -> None:
    assert sentence(cause).startswith(words)
    assert sentence(wrapped(cause)).startswith(words)


def test_anything_else_is_its_kind_and_first_line() -> None:
    assert sentence(KeyError()) == "KeyError: no reason given"
    assert sentence(ValueError("\n  first\nsecond")) == "ValueError: first"


def test_an_error_that_is_its_own_cause_ends() -> None:
    error = ValueError("a")
    error.__context__ = other = ValueError("b")
    other.__context__ = error
    assert sentence(error) == "ValueError: a"
