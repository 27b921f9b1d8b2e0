from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from blueprints import card_fraud
from unit.runtime.doubles import call_of

from mlopsctl.blueprint.model.checks import Gate
from mlopsctl.runtime.data.artifacts import read_json, write_json
from mlopsctl.runtime.step_context import GateRejected
from mlopsctl.runtime.steps import gate

SERVED = {"version": "41", "metrics": {"average_precision": 0.85, "mae": 2.0}, "reason": ""}


def bound(metric: str = "average_precision", higher: bool = True, **bounds: str) -> Gate:
    return Gate(metric, higher, *(Decimal(bounds[name]) if name in bounds else None for name in ("min", "max", "drop")))


@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        (bound(min="0.8"), 0.8, ""),
        (bound(min="0.8"), 0.7999, "0.7999 is below 0.8"),
        (bound("mae", False, max="3"), 3.1, "3.1000 is above 3"),
        (bound(drop="0.05"), 0.81, ""),
        (bound(drop="0.05"), 0.79, "0.0600 worse than version 41; at most 0.05 is allowed"),
        (bound(drop="0.05"), 0.80, ""),
        (bound("mae", False, drop="0.5"), 2.4, ""),
        (bound("mae", False, drop="0.5"), 2.6, "0.6000 worse than version 41; at most 0.5 is allowed"),
        (bound("mae", False, drop="0.5"), 1.0, ""),
        (
            bound(min="0.9", drop="0.01"),
            0.8,
            "0.8000 is below 0.9; 0.0500 worse than version 41; at most 0.01 is allowed",
        ),
    ],
)
def test_a_gate_holds_exactly_at_its_bound_and_counts_a_drop_the_right_way(
    rule: Gate, value: float, reason: str
) -> None:
    verdict = gate.judge(rule, {rule.metric: value}, SERVED, {})
    assert (verdict.passed, verdict.reason) == (not reason, reason)


def test_nothing_served_means_nothing_to_be_worse_than() -> None:
    assert gate.judge(bound(drop="0.01"), {"average_precision": 0.1}, None, {}).passed


def test_what_could_not_be_measured_does_not_hold() -> None:
    lacking = gate.judge(bound(min="0.1"), {}, None, {"average_precision": "the model returns no scores"})
    assert (lacking.passed, lacking.reason) == (False, "it could not be computed: the model returns no scores")
    broken = {"version": "41", "metrics": {}, "reason": "it cannot be loaded"}
    unknown = gate.judge(bound(drop="0.1"), {"average_precision": 0.99}, broken, {})
    assert (unknown.passed, unknown.reason) == (
        False,
        "it could not be computed for the served version 41: it cannot be loaded",
    )


def test_the_verdict_is_written_before_the_refusal(tmp_path: Path) -> None:
    write_json(tmp_path / "metrics", {"metrics": {"average_precision": 0.5}, "served": None, "skipped": {}})
    outputs = {name: tmp_path / name for name in ("verdict", "passed")}
    call, said = call_of(card_fraud(), tmp_path, "gate", inputs={"metrics": tmp_path / "metrics"}, outputs=outputs)
    with pytest.raises(GateRejected, match=r"spec\.checks\.gates\.average_precision"):
        gate.run(call)
    (gate_verdict,) = read_json(outputs["verdict"])["gates"]
    assert gate_verdict["bounds"] == "at least 0.82, at most 0.01 worse than the served version"
    assert outputs["passed"].read_text() == "false"
    assert [line["message"].split()[0] for line in said] == ["gate", "average_precision"]


def test_a_model_that_holds_passes(tmp_path: Path) -> None:
    write_json(tmp_path / "metrics", {"metrics": {"average_precision": 0.9}, "served": None, "skipped": {}})
    outputs = {"passed": tmp_path / "passed"}
    call, _ = call_of(card_fraud(), tmp_path, "gate", inputs={"metrics": tmp_path / "metrics"}, outputs=outputs)
    gate.run(call)
    assert outputs["passed"].read_text() == "true"
