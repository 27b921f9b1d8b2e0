"""`gate`: hold the metrics against every gate of the spec and against the model now served.

In: `metrics`. Out: `verdict`, a JSON document, and the parameter `passed`. Refuses where a gate does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from mlopsctl.blueprint.model import Gate
from mlopsctl.runtime.artifacts import read_json, write_json, write_parameter
from mlopsctl.runtime.call import Call, Refused


@dataclass(frozen=True, slots=True)
class Verdict:
    """One gate, what was measured, and why it holds or not."""

    metric: str
    passed: bool
    value: float | None
    served: float | None
    bounds: str
    reason: str


def run(call: Call) -> None:
    """Judge every gate, write the verdict, and refuse where one does not hold."""
    document = read_json(call.input("metrics"))
    verdicts = [judge(gate, document["metrics"], document["served"], document["skipped"]) for gate in call.checks.gates]
    passed = all(one.passed for one in verdicts)
    served = document["served"]["version"] if document["served"] else None
    write_json(call.output("verdict"), {"passed": passed, "served": served, "gates": [asdict(one) for one in verdicts]})
    write_parameter(call.outputs.get("passed"), "true" if passed else "false")
    for line in table(verdicts):
        call.log.say(line)
    if not passed:
        names = ", ".join(f"spec.checks.gates.{one.metric}" for one in verdicts if not one.passed)
        raise Refused(f"the model is not good enough, and nothing is registered: {names}")
    call.log.say(f"all {len(verdicts)} gates hold" if verdicts else "there is no gate to hold", passed=True)


def judge(
    gate: Gate, metrics: Mapping[str, float], served: Mapping[str, Any] | None, skipped: Mapping[str, str]
) -> Verdict:
    """Judge one gate; what could not be measured does not hold."""
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
        return [f"it could not be measured: {skipped.get(gate.metric, 'the task does not know it')}"]
    found = []
    if gate.min is not None and value < gate.min:
        found.append(f"{_short(value)} is below {gate.min}")
    if gate.max is not None and value > gate.max:
        found.append(f"{_short(value)} is above {gate.max}")
    if gate.max_drop is None or served is None:
        return found
    if before is None:
        return [*found, f"version {served['version']}, which is served, could not be measured: {served['reason']}"]
    drop = (Decimal(str(before)) - Decimal(str(value))) * (1 if gate.higher_is_better else -1)
    if drop > gate.max_drop:
        found.append(f"{_short(float(drop))} worse than version {served['version']}, and {gate.max_drop} is allowed")
    return found


def bounds(gate: Gate) -> str:
    """Write a gate's bounds as a person reads them."""
    parts = []
    if gate.min is not None:
        parts.append(f"at least {gate.min}")
    if gate.max is not None:
        parts.append(f"at most {gate.max}")
    if gate.max_drop is not None:
        parts.append(f"at most {gate.max_drop} worse than what is served")
    return ", ".join(parts)


def table(verdicts: list[Verdict]) -> list[str]:
    """Draw the gates as aligned lines."""
    if not verdicts:
        return []
    rows = [("gate", "value", "served", "must be", "holds")]
    for one in verdicts:
        holds = "yes" if one.passed else f"NO: {one.reason}"
        rows.append((one.metric, _short(one.value), _short(one.served), one.bounds, holds))
    widths = [*(max(len(row[i]) for row in rows) for i in range(4)), 0]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
