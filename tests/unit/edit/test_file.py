"""A file replaced as a whole, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlopsctl.edit.file import write
from mlopsctl.errors import OperationError


def test_a_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "mlops.lock"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write(file, b"old", b"new", tmp_path)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("before", [None, b"another"])
def test_a_file_that_somebody_changed_meanwhile_is_left_alone(before: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "mlops.lock"
    file.write_bytes(b"old")
    with pytest.raises(OperationError, match="changed in the meantime"):
        write(file, before, b"new", tmp_path)
    assert file.read_bytes() == b"old"


def test_a_write_that_fails_leaves_the_file_and_no_part(tmp_path: Path, monkeypatch: Any) -> None:
    file = tmp_path / "mlops.lock"
    file.write_bytes(b"old")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as partial:
            partial.write(data[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OperationError, match=r"cannot write .*: No space left on device"):
        write(file, b"old", b"new", tmp_path)
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_bytes() == b"old"


def test_a_link_inside_the_project_is_followed_and_one_out_of_it_is_not(tmp_path: Path) -> None:
    inside, outside = tmp_path / "project", tmp_path / "outside"
    inside.mkdir()
    for target in (inside / "real", outside):
        target.write_bytes(b"old")
    (inside / "a").symlink_to(inside / "real")
    (inside / "b").symlink_to(outside)
    write(inside / "a", b"old", b"new", inside)
    assert (inside / "real").read_bytes() == b"new"
    assert (inside / "a").is_symlink()
    with pytest.raises(OperationError, match="to a file outside the project"):
        write(inside / "b", b"old", b"new", inside)
    assert outside.read_bytes() == b"old"
