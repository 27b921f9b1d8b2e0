from __future__ import annotations

from pathlib import Path

import pytest
from expectations import blueprint as expected
from msgspec.structs import replace
from scans import blueprint as scanned
from unit.runtime.doubles import call_of

from mlopsctl.blueprint.model import CheckStage
from mlopsctl.runtime import checkers
from mlopsctl.runtime.artifacts import Dataset, Schema
from mlopsctl.runtime.call import Broken
from mlopsctl.runtime.outcomes import NOT_RUN


def no_rows() -> Dataset:
    import pandas as pd

    return Dataset(pd.DataFrame({"amount": []}), Schema((), 0, "2026-01-01T00:00:00+00:00"))


@pytest.mark.parametrize("stage", ["data", "split", "model"])
def test_a_scan_that_no_step_can_run_has_not_passed_and_stops_nothing(tmp_path: Path, stage: str) -> None:
    call, _ = call_of(scanned(), tmp_path, f"check-{stage}")
    (outcome,) = checkers.of_stage(call, stage, no_rows())
    assert (outcome.state, outcome.refuses) == (NOT_RUN, False)
    assert "etiq/run.py" in outcome.reason


def test_a_stage_that_the_engine_does_not_have_is_no_success(tmp_path: Path) -> None:
    made = expected()
    assert made.checks
    asked = CheckStage("split", None, made.checks.stages[0].checks)
    call, _ = call_of(replace(made, checks=replace(made.checks, stages=(asked,))), tmp_path, "check-split")
    with pytest.raises(Broken, match=r"spec\.checks\.split"):
        checkers.of_stage(call, "split", no_rows())


def test_nothing_is_asked_of_a_stage_that_the_spec_does_not_name(tmp_path: Path) -> None:
    call, _ = call_of(expected(), tmp_path, "check-split")
    assert checkers.of_stage(call, "split", no_rows()) == ()
