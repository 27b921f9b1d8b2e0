from __future__ import annotations

from pathlib import Path

import pytest
from blueprints import card_fraud
from expectations import blueprint as expected
from msgspec.structs import replace
from scans import blueprint as scanned
from unit.runtime.doubles import call_of

from mlopsctl.blueprint.model.checks import Check, CheckStage
from mlopsctl.runtime.backends import chosen
from mlopsctl.runtime.backends.check_results import FAILED, INFO, NOT_RUN
from mlopsctl.runtime.data.artifacts import INPUT, LABEL, TIME, Dataset, DatasetColumn, Schema
from mlopsctl.runtime.step_context import StepFailed

pd = pytest.importorskip("pandas")
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def no_rows() -> Dataset:
    return Dataset(pd.DataFrame({"amount": []}), Schema((), 0, "2026-01-01T00:00:00+00:00"))


@pytest.mark.parametrize("stage", ["data", "split", "model"])
def test_a_scan_that_no_step_can_run_has_not_passed_and_stops_nothing(tmp_path: Path, stage: str) -> None:
    call, _ = call_of(scanned(), tmp_path, f"check-{stage}")
    checks = chosen.checks(call)
    outcomes = {
        "data": lambda: checks.data(no_rows()),
        "split": lambda: checks.split(no_rows(), no_rows()),
        "model": lambda: checks.model(no_rows(), no_rows(), None),
    }[stage]()
    *_, outcome = outcomes
    assert (outcome.state, outcome.refuses) == (NOT_RUN, False)
    assert "etiq/run.py" in outcome.reason


def test_a_stage_that_the_engine_does_not_have_is_no_success(tmp_path: Path) -> None:
    blueprint = expected()
    assert blueprint.checks
    stage = CheckStage("split", None, blueprint.checks.stages[0].checks)
    call, _ = call_of(replace(blueprint, checks=replace(blueprint.checks, stages=(stage,))), tmp_path, "check-split")
    with pytest.raises(StepFailed, match=r"spec\.checks\.split"):
        chosen.checks(call).split(no_rows(), no_rows())


def test_a_check_under_a_name_of_its_own_is_the_engines_check_of_that_kind(tmp_path: Path) -> None:
    pytest.importorskip("deepchecks")
    columns = (DatasetColumn("amount", "float64", INPUT), DatasetColumn("is_fraud", "bool", LABEL))
    columns = (*columns, DatasetColumn("event_timestamp", "timestamp", TIME))
    times = pd.date_range("2026-01-01", periods=40, freq="h", tz="UTC")
    rows = pd.DataFrame({"amount": [1.0, None] * 20, "is_fraud": [0, 1] * 20, "event_timestamp": times})
    blueprint = card_fraud()
    assert blueprint.checks
    condition = {"add_condition_percent_of_nulls_not_greater_than": {"threshold": 0.1}}
    stage = CheckStage(
        "data", None, (Check("FewNulls", {}, condition, "PercentOfNulls"), Check("PercentOfNulls", {}, {}))
    )
    call, _ = call_of(replace(blueprint, checks=replace(blueprint.checks, stages=(stage,))), tmp_path, "check-data")
    *_, mine, plain = chosen.checks(call).data(Dataset(rows, Schema(columns, 40, "2026-01-03T00:00:00+00:00")))
    assert (mine.name, mine.state, mine.refuses) == ("FewNulls", FAILED, True)
    assert (plain.name, plain.state, plain.refuses) == ("PercentOfNulls", INFO, False)


def test_nothing_is_asked_of_a_stage_that_the_spec_does_not_name(tmp_path: Path) -> None:
    call, _ = call_of(expected(), tmp_path, "check-split")
    assert chosen.checks(call).split(no_rows(), no_rows()) == ()
