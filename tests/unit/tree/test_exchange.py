"""The swap is one system call, or it is not done at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlopsctl.tree.exchange import exchange, flush


def test_two_folders_change_places(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        if not exchange(fd, "one", fd, "two"):
            pytest.skip("this file system cannot exchange two names")
        assert (tmp_path / "one/file").read_text() == "two"
        assert (tmp_path / "two/file").read_text() == "one"
        with pytest.raises(FileNotFoundError):
            exchange(fd, "one", fd, "missing")
        assert (tmp_path / "one/file").read_text() == "two"
    finally:
        os.close(fd)


def test_a_system_without_the_call_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").mkdir()
    monkeypatch.setattr("mlopsctl.tree.exchange._system_call", lambda: None)
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        assert not exchange(fd, "one", fd, "one")
    finally:
        os.close(fd)


def test_a_flush_tells_of_a_closed_folder(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY)
    assert flush(fd) in (True, False)
    os.close(fd)
    with pytest.raises(OSError, match="Bad file descriptor"):
        flush(fd)
