"""`gate`: compare the metrics with every gate of the spec and with the served version.

Rejects the model if a gate fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mlopsctl.blueprint.model.checks import Gate
from mlopsctl.catalogue.bounds import above, below, number_text, worsening
from mlopsctl.runtime.data.artifacts import read_json, write_json, write_parameter
from mlopsctl.runtime.run_outcome import recorded
from mlopsctl.runtime.step_context import GateRejected, StepContext


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one gate: the metric's value, and the reason if it failed."""

    metric: str
    passed: bool
    value: float | None
    served: float | None
    bounds: str
    reason: str


def run(step_context: StepContext) -> None:
    """Evaluate every gate, write the verdict, and reject the model if one fails."""
    document = read_json(step_context.input("metrics"))
    with recorded(step_context, document.get("run", "")):
        _judged(step_context, document)


def _judged(step_context: StepContext, document: Mapping[str, Any]) -> None:
    verdicts = [
        judge(gate, document["metrics"], document["served"], document["skipped"]) for gate in step_context.checks.gates
    ]
    passed = all(verdict.passed for verdict in verdicts)
    served = document["served"]["version"] if document["served"] else None
    write_json(
        step_context.output("verdict"),
        {"passed": passed, "served": served, "gates": [asdict(verdict) for verdict in verdicts]},
    )
    write_parameter(step_context.outputs.get("passed"), "true" if passed else "false")
    for line in table(verdicts):
        step_context.log.say(line)
    if not passed:
        names = ", ".join(f"spec.checks.gates.{verdict.metric}" for verdict in verdicts if not verdict.passed)
        raise GateRejected(f"the model failed its gates and is not registered: {names}")
    step_context.log.say(f"all {len(verdicts)} gates passed" if verdicts else "no gates", passed=True)


def judge(
    gate: Gate, metrics: Mapping[str, float], served: Mapping[str, Any] | None, skipped: Mapping[str, str]
) -> Verdict:
    """Evaluate one gate; a metric that could not be computed fails it."""
    value = metrics.get(gate.metric)
    before = served["metrics"].get(gate.metric) if served else None
    reasons = list(_reasons(gate, value, before, served, skipped))
    return Verdict(gate.metric, not reasons, value, before, bounds(gate), "; ".join(reasons))


def _reasons(
    gate: Gate,
    value: float | None,
    before: float | None,
    served: Mapping[str, Any] | None,
    skipped: Mapping[str, str],
) -> list[str]:
    if value is None:
        return [f"it could not be computed: {skipped.get(gate.metric, 'the task has no such metric')}"]
    reasons = []
    if below(value, gate.min):
        reasons.append(f"{number_text(value, gate.min)} is below {gate.min}")
    if above(value, gate.max):
        reasons.append(f"{number_text(value, gate.max)} is above {gate.max}")
    if gate.max_drop is None or served is None:
        return reasons
    if before is None:
        reason = served["reason"] or served.get("skipped", {}).get(gate.metric, "")
        return [*reasons, f"it could not be computed for the served version {served['version']}: {reason}"]
    drop = worsening(value, before, higher_is_better=gate.higher_is_better)
    if drop > gate.max_drop:
        text = number_text(drop, gate.max_drop)
        reasons.append(f"{text} worse than version {served['version']}; at most {gate.max_drop} is allowed")
    return reasons


def bounds(gate: Gate) -> str:
    """Return a gate's bounds as text."""
    parts = []
    if gate.min is not None:
        parts.append(f"at least {gate.min}")
    if gate.max is not None:
        parts.append(f"at most {gate.max}")
    if gate.max_drop is not None:
        parts.append(f"at most {gate.max_drop} worse than the served version")
    return ", ".join(parts)


def table(verdicts: list[Verdict]) -> list[str]:
    """Format the gates as aligned lines."""
    if not verdicts:
        return []
    rows = [("gate", "value", "served", "must be", "holds")]
    for verdict in verdicts:
        holds = "yes" if verdict.passed else f"NO: {verdict.reason}"
        rows.append((verdict.metric, _short(verdict.value), _short(verdict.served), verdict.bounds, holds))
    widths = [*(max(len(row[i]) for row in rows) for i in range(4)), 0]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _short(value: float | None) -> str:
    return "-" if value is None else number_text(value)
