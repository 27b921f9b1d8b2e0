"""How checks came out: passed, warned, failed, not run, or only for information; and what that means for the run.

In: outcomes. Out: a report as JSON and as a page, and a refusal where a check said no. What did not run has not passed:
where the spec asks for a check by name, that one must have run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mlopsctl.runtime.artifacts import made, write_json
from mlopsctl.runtime.call import Call, Refused
from mlopsctl.runtime.page import Cell, Table, page

PASSED, WARNED, FAILED, NOT_RUN, INFO = "passed", "warned", "failed", "not-run", "info"
STATES = (FAILED, NOT_RUN, WARNED, PASSED, INFO)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a check, and how it came out."""

    name: str
    state: str
    details: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check and how it came out. `asked` where the spec names it itself and not only its suite."""

    name: str
    state: str
    reason: str
    asked: bool
    conditions: tuple[Condition, ...] = ()
    value: Any = None

    @property
    def refuses(self) -> bool:
        """Whether the run may not go on."""
        return self.state == FAILED or (self.state == NOT_RUN and self.asked)


def conclude(call: Call, stage: str, outcomes: Sequence[Outcome], facts: dict[str, Any]) -> None:
    """Write the report, say how it came out, and refuse where a check does."""
    counts = {state: sum(one.state == state for one in outcomes) for state in STATES}
    refusing = [one for one in outcomes if one.refuses]
    report = {
        "stage": stage,
        "passed": not refusing,
        "counts": counts,
        **facts,
        "checks": [{**asdict(one), "refuses": one.refuses} for one in outcomes],
    }
    write_report(call, stage, report, outcomes)
    for one in outcomes:
        if one.state in (FAILED, NOT_RUN, WARNED):
            tell = call.log.fail if one.refuses else call.log.warn
            tell(f"{one.state}: {one.name}: {one.reason}", check=one.name, state=one.state)
    summary = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "nothing to check"
    call.log.say(f"{stage} checks: {summary}", **{state.replace("-", "_"): count for state, count in counts.items()})
    if refusing:
        names = ", ".join(dict.fromkeys(one.name for one in refusing))
        raise Refused(f"the {stage} checks do not hold: {names} (spec.checks.{stage})")


def write_report(call: Call, stage: str, report: dict[str, Any], outcomes: Iterable[Outcome]) -> None:
    """Write a folder with report.json and report.html."""
    system = call.blueprint.identity.system
    tables = [Table("Checks", ("check", "state", "why", "conditions"), tuple(_row(one) for one in outcomes))]
    with made(call.output("report")) as folder:
        folder.mkdir()
        write_json(folder / "report.json", report)
        Path(folder / "report.html").write_text(page(f"{system}: {stage} checks", _facts(report), tables))


def _facts(report: dict[str, Any]) -> dict[str, str]:
    simple = {name: value for name, value in report.items() if isinstance(value, str | int | float)}
    return {**{name: str(value) for name, value in simple.items()}, **_counted(report.get("counts", {}))}


def _counted(counts: dict[str, int]) -> dict[str, str]:
    return {state: str(count) for state, count in counts.items() if count}


def _row(one: Outcome) -> tuple[Cell, ...]:
    conditions = "; ".join(f"{each.name}: {each.state}" for each in one.conditions)
    return (Cell(one.name), Cell(one.state, one.state), Cell(one.reason), Cell(conditions))
