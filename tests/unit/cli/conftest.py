"""Run the command line in this process, as a person would in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from projects import LOCK, SPEC, WORKSPACE

from mlopsctl import cli


class Ran(NamedTuple):
    """What a run left: its exit code and its two streams."""

    code: object
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `mlopsctl` with arguments and return what a person sees."""

    def call(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["mlopsctl", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        seen = capsys.readouterr()
        return Ran(ended.value.code, seen.out, seen.err)

    return call


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a sound workspace of one system into a repository, and stand in it."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "systems" / "card-fraud").mkdir(parents=True)
    (tmp_path / "systems" / "card-fraud" / "mlops.yaml").write_text(SPEC)
    (tmp_path / "workspace.yaml").write_text(WORKSPACE)
    (tmp_path / "mlops.lock").write_text(LOCK)
    monkeypatch.chdir(tmp_path)
    return tmp_path
