"""Paths that are no ordinary file: findings, and no waiting."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from mlopsctl.source.limits import LOCK, SPEC
from mlopsctl.source.node import plain
from mlopsctl.source.reader import read_bytes, read_file


def refused(path: str | Path) -> str:
    node, findings = read_file(path, "shown.yaml")
    assert node is None
    assert [finding.code for finding in findings] == ["MLC001"]
    assert findings[0].place is not None and findings[0].place.span.file == "shown.yaml"
    return findings[0].message


def test_an_ordinary_file_is_read_under_its_display_name(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes(b"a: 1\n")
    node, findings = read_file(tmp_path / "s.yaml", "systems/s.yaml")
    assert findings == ()
    assert node is not None and plain(node) == {"a": 1} and node.span.file == "systems/s.yaml"


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.yaml") == "cannot read `shown.yaml`: there is no such file"


def test_a_folder_a_pipe_a_socket_and_a_device_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket"))
    listener.close()
    assert refused(tmp_path).endswith("it is a folder")
    assert refused(tmp_path / "pipe").endswith("it is a pipe")
    assert refused(tmp_path / "socket").endswith("it is a socket")
    assert refused("/dev/zero").endswith("it is a device")


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "/dev/null/x", ""])
def test_a_path_that_no_file_can_have_is_a_finding(path: str) -> None:
    assert refused(path).startswith("cannot read `shown.yaml`: ")


def test_links_in_a_circle_are_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert refused(tmp_path / "a").endswith("its symbolic links lead in a circle")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_one_may_not_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes(b"a: 1")
    (tmp_path / "s.yaml").chmod(0)
    assert refused(tmp_path / "s.yaml").endswith("you may not read it")


def test_a_large_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.touch()
    os.truncate(path, 2 << 30)
    data, findings = read_bytes(path, "large.yaml")
    assert data is None
    assert [finding.code for finding in findings] == ["MLC011"]


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "full.yaml"
    path.write_bytes(b"a: 1\n".ljust(SPEC.bytes, b"#"))
    node, findings = read_file(path, "full.yaml")
    assert findings == () and node is not None


def test_a_lock_of_twenty_thousand_models_is_read_and_a_larger_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mlops.lock"
    entry = f"{{version: 12, uri: s3://models/fraud/12/model, run: {'a' * 32}, digest: sha256:{'b' * 64}}}"
    models = [f"      fraud-scorer-{number}@champion: {entry}" for number in range(20_000)]
    path.write_text("\n".join(["kind: Lock", "environments:", "  prod:", "    models:", *models]))
    assert path.stat().st_size > SPEC.bytes
    node, findings = read_file(path, "mlops.lock")
    assert findings == () and node is not None

    os.truncate(path, LOCK.bytes + 1)
    assert [finding.code for finding in read_file(path, "mlops.lock")[1]] == ["MLC011"]


def test_a_file_without_a_size_is_still_read_within_the_limit() -> None:
    data, findings = read_bytes("/proc/self/status", "status")
    assert findings == () and data is not None and data.startswith(b"Name:")
