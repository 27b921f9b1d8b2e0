"""Neptune's clients of both generations, offline: the rendered program, and what the steps write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from neptune_offline import kept, start
from unit.engines.feast.sample import texts
from unit.engines.neptune.sample import blueprint

from mlopsctl.blueprint import codec
from mlopsctl.engines.neptune import target

HERE = Path(__file__).parent
pytestmark = pytest.mark.oracle


def test_the_program_opens_the_run_of_the_settings(neptune: tuple[str, Path], tmp_path: Path) -> None:
    generation, python = neptune
    for path, text in texts(target.render(blueprint(generation))).items():
        (tmp_path / path).write_text(text)

    start(python, tmp_path, "init_run.py")

    records = kept(tmp_path / ".neptune")
    assert "champion" in records
    assert all(word in records for word in ("registered_name", "alias", "max_depth", "spec_hash", "mlopsctl"))
    assert not any(word in records for word in ("diff_head", "run_command", "hostname"))


class Steps(NamedTuple):
    """What the steps' calls printed, and what each left to be sent."""

    said: dict[str, Any]
    folder: Path

    def kept(self, step: str) -> str:
        return kept(self.folder / step)


@pytest.fixture(scope="module")
def steps(neptune: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Steps:
    generation, python = neptune
    folder = tmp_path_factory.mktemp("neptune")
    (folder / "blueprint.json").write_text(codec.dumps(blueprint(generation)))
    (folder / "package").mkdir()
    (folder / "package" / "MLmodel").write_text("flavors: {}\n")
    (folder / "snapshot").mkdir()
    (folder / "snapshot" / "rows.parquet").write_bytes(b"PAR1")
    said = start(python, folder, HERE / "neptune_steps.py", folder)
    return Steps(json.loads(said.splitlines()[-1]), folder)


def test_training_is_tracked_as_the_run_of_its_content(steps: Steps) -> None:
    records = steps.kept("train")

    assert steps.said["run"] == str(0x3F9A1C2B7D3F9)
    assert all(
        word in records for word in ("max_depth", "training_rows", "training_seconds", "mlopsctl.system", "finished")
    )


def test_a_registered_model_is_a_run_with_its_files_its_numbers_and_its_name(steps: Steps) -> None:
    records = steps.kept("register")

    assert steps.said["registered"] == ["card-fraud", steps.said["run"], False]
    assert all(
        word in records for word in ("package", "snapshot", "verdict", "average_precision", "mlopsctl.git-commit")
    )
    assert records.rindex("average_precision") < records.rindex("registered_name")


def test_training_that_broke_is_written_down_and_passed_on(steps: Steps) -> None:
    assert steps.said["failed"] == "no convergence"
    assert "failed" in steps.kept("fails")


def test_nothing_is_written_outside_the_steps_own_folder(steps: Steps) -> None:
    assert not (steps.folder / ".neptune").exists()


def test_a_token_of_another_installation_is_refused(steps: Steps) -> None:
    assert steps.said["token"].startswith("the token in NEPTUNE_API_TOKEN is for https://app.neptune.ai")


def test_the_lock_says_what_is_served(steps: Steps) -> None:
    known = blueprint().model
    assert known
    assert known.served

    assert steps.said["served"][:2] == [known.served.version, known.served.uri]
