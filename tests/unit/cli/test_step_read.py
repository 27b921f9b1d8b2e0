"""`mlopsctl step --read`: a parameter that another step left in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from blueprints import card_fraud
from click.testing import CliRunner

from mlopsctl.blueprint import codec
from mlopsctl.cli.commands.step import command


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """Give the command line of the step that tells how a run ended, but for how it ended."""
    blueprint = tmp_path / "blueprint.json"
    blueprint.write_text(codec.dumps(card_fraud()), encoding="utf-8")
    return ["finish", "--blueprint", str(blueprint), "--set", "pipeline=card-fraud-train", "--set", "run=one"]


def test_the_text_of_the_file_is_the_value(words: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "status").write_text("Succeeded", encoding="utf-8")

    done = CliRunner().invoke(command, [*words, "--read", f"status={tmp_path / 'status'}"], standalone_mode=False)

    assert done.exception is None
    assert done.return_value == 0
    assert "run one of card-fraud-train ended: Succeeded" in capfd.readouterr().err


@pytest.mark.parametrize(("given", "why"), [("status=/nowhere/status", "cannot read"), ("status", "NAME=VALUE")])
def test_a_file_that_is_not_there_is_wrong_usage(words: list[str], given: str, why: str) -> None:
    done = CliRunner().invoke(command, [*words, "--read", given])
    assert done.exit_code == 2
    assert why in done.output


def test_a_file_that_is_no_text_is_wrong_usage(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "status").write_bytes(b"\xff\xfe")
    done = CliRunner().invoke(command, [*words, "--read", f"status={tmp_path / 'status'}"])
    assert done.exit_code == 2
    assert "Traceback" not in done.output
