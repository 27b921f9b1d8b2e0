"""Hashes of files and folders, remembered by what a file's status says."""

from __future__ import annotations

import os
from pathlib import Path

from mlopsctl.runtime.local.fingerprints import Fingerprints


def of(folder: Path, path: Path) -> str:
    prints = Fingerprints(folder / "memory.json")
    digest = prints.digest(path)
    prints.save()
    return digest


def test_a_change_of_content_or_of_a_name_is_seen(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "a").write_text("1")
    first = of(tmp_path, data)
    assert of(tmp_path, data) == first
    (data / "a").write_text("2")
    second = of(tmp_path, data)
    (data / "a").rename(data / "b")
    assert len({first, second, of(tmp_path, data)}) == 3


def test_a_change_that_keeps_size_and_time_is_seen_too(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("1")
    state = file.stat()
    first = of(tmp_path, file)
    file.write_text("2")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert of(tmp_path, file) != first


def test_what_python_leaves_beside_code_does_not_count(tmp_path: Path) -> None:
    code = tmp_path / "code"
    (code / "__pycache__").mkdir(parents=True)
    (code / "a.py").write_text("1")
    before = of(tmp_path, code)
    (code / "__pycache__" / "a.pyc").write_text("1")
    assert of(tmp_path, code) == before


def test_what_is_not_there_has_no_hash_and_a_damaged_memory_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "memory.json").write_text("{")
    assert of(tmp_path, tmp_path / "nothing") == ""
