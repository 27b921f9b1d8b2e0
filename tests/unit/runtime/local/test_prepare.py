"""Which systems' mistakes stop a run on one machine: its own, those of what it reads, and what all share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mlopsctl.cli import output
from mlopsctl.errors import ProjectError
from mlopsctl.runtime.local.prepare import prepare

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "errors" / "MLC702-view", tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "examples" / "quickstart", tmp_path / "systems" / "churn")
    return tmp_path


def test_a_collision_of_two_systems_stops_both_and_not_the_third(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    churn = prepare(str(workspace / "systems" / "churn"), None)
    assert churn.blueprint.identity.system == "quickstart"
    rendered = {path.name for path in churn.layout.features.iterdir()}
    assert "quickstart_features.py" in rendered and not {name for name in rendered if name.startswith("card_")}
    for name in ("card-fraud", "card-loyalty"):
        with pytest.raises(ProjectError) as rejection:
            prepare(str(workspace / "systems" / name), None)
        output.rejected(rejection.value)
        said = capsys.readouterr().err
        assert "error[MLC702]" in said
        assert "systems/card-loyalty/mlops.yaml:19:7" in said and "systems/card-fraud/mlops.yaml:19:7" in said
