from __future__ import annotations

import json
from pathlib import Path

import pytest
from blueprints import card_fraud
from unit.runtime.doubles import call_of

from mlopsctl.runtime.backends.check_results import FAILED, INFO, NOT_RUN, PASSED, WARNED, Outcome, conclude
from mlopsctl.runtime.step_context import GateRejected


@pytest.mark.parametrize(
    ("state", "required", "refuses"),
    [
        (PASSED, True, False),
        (WARNED, True, False),
        (INFO, True, False),
        (FAILED, False, True),
        (NOT_RUN, False, False),
        (NOT_RUN, True, True),
    ],
)
def test_a_check_that_was_asked_for_and_did_not_run_refuses_as_a_failed_one_does(
    tmp_path: Path, state: str, required: bool, refuses: bool
) -> None:
    outcomes = [Outcome("DataDuplicates", PASSED, "", False), Outcome("Odd", state, "for a reason", required)]
    call, _ = call_of(card_fraud(), tmp_path, "check-data", outputs={"report": tmp_path / "report"})
    if refuses:
        with pytest.raises(GateRejected, match=r"the data checks failed: Odd \(spec.checks.data\)"):
            conclude(call, "data", outcomes, {"rows": 3})
    else:
        conclude(call, "data", outcomes, {"rows": 3})
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["passed"] is not refuses
    assert report["counts"][state] == (2 if state == PASSED else 1)
    assert report["checks"][1]["refuses"] is refuses
    assert "for a reason" in (tmp_path / "report" / "report.html").read_text()


def test_nothing_to_check_is_said(tmp_path: Path) -> None:
    call, said = call_of(card_fraud(), tmp_path, "check-data", outputs={"report": tmp_path / "report"})
    conclude(call, "data", [], {})
    assert said[-1]["message"] == "data checks: no checks"
