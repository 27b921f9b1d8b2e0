"""Results of checks (passed, warned, failed, not run, info), and their effect on the run.

A check that did not run has not passed: if the spec names it, the run is rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mlopsctl.runtime.data.artifacts import write_json, written_whole
from mlopsctl.runtime.report.page import Cell, Table, page
from mlopsctl.runtime.step_context import GateRejected, StepContext

PASSED, WARNED, FAILED, NOT_RUN, INFO = "passed", "warned", "failed", "not-run", "info"
STATES = (FAILED, NOT_RUN, WARNED, PASSED, INFO)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a check, and its result."""

    name: str
    state: str
    details: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a check. `asked`: the spec names the check, not only its suite."""

    name: str
    state: str
    reason: str
    asked: bool
    conditions: tuple[Condition, ...] = ()
    value: Any = None

    @property
    def refuses(self) -> bool:
        """Return whether the result rejects the run."""
        return self.state == FAILED or (self.state == NOT_RUN and self.asked)


def conclude(step_context: StepContext, stage: str, outcomes: Sequence[Outcome], facts: dict[str, Any]) -> None:
    """Write the report, log the results, and raise GateRejected for a failed check."""
    counts = {state: sum(outcome.state == state for outcome in outcomes) for state in STATES}
    refusing = [outcome for outcome in outcomes if outcome.refuses]
    report = {
        "stage": stage,
        "passed": not refusing,
        "counts": counts,
        **facts,
        "checks": [{**asdict(outcome), "refuses": outcome.refuses} for outcome in outcomes],
    }
    write_report(step_context, stage, report, outcomes)
    for outcome in outcomes:
        if outcome.state in (FAILED, NOT_RUN, WARNED):
            tell = step_context.log.fail if outcome.refuses else step_context.log.warn
            tell(f"{outcome.state}: {outcome.name}: {outcome.reason}", check=outcome.name, state=outcome.state)
    summary = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "no checks"
    step_context.log.say(
        f"{stage} checks: {summary}", **{state.replace("-", "_"): count for state, count in counts.items()}
    )
    if refusing:
        names = ", ".join(dict.fromkeys(outcome.name for outcome in refusing))
        raise GateRejected(f"the {stage} checks failed: {names} (spec.checks.{stage})")


def write_report(step_context: StepContext, stage: str, report: dict[str, Any], outcomes: Iterable[Outcome]) -> None:
    """Write a folder with report.json and report.html."""
    system = step_context.blueprint.identity.system
    tables = [Table("Checks", ("check", "state", "why", "conditions"), tuple(_row(outcome) for outcome in outcomes))]
    with written_whole(step_context.output("report")) as folder:
        folder.mkdir()
        write_json(folder / "report.json", report)
        Path(folder / "report.html").write_text(page(f"{system}: {stage} checks", _facts(report), tables))


def _facts(report: dict[str, Any]) -> dict[str, str]:
    simple = {name: value for name, value in report.items() if isinstance(value, str | int | float)}
    return {**{name: str(value) for name, value in simple.items()}, **_counted(report.get("counts", {}))}


def _counted(counts: dict[str, int]) -> dict[str, str]:
    return {state: str(count) for state, count in counts.items() if count}


def _row(outcome: Outcome) -> tuple[Cell, ...]:
    conditions = "; ".join(f"{condition.name}: {condition.state}" for condition in outcome.conditions)
    return (Cell(outcome.name), Cell(outcome.state, outcome.state), Cell(outcome.reason), Cell(conditions))
