"""The summary of a run: tables of steps, checks and gates, the model, `run.json`, `report.html`, and the failure."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shlex import join
from shutil import which
from typing import TYPE_CHECKING

from mlopsctl import cli
from mlopsctl.blueprint.model.pipelines import GATE_REJECTED_CODE
from mlopsctl.cli import terminal

if TYPE_CHECKING:
    from mlopsctl.runtime.local.outcome import Outcome
    from mlopsctl.runtime.local.prepare import LocalSystem
    from mlopsctl.runtime.local.scheduler import Ended, Run

_LAST_LINES = 12
_STATES = ("failed", "not-run", "warned", "passed", "info")


def conclude(prepared: LocalSystem, run: Run, ended: Sequence[Ended], seconds: float) -> int:
    """Write the report, print the summary, and return the run's exit code."""
    from mlopsctl.cli.views.progress import messages
    from mlopsctl.runtime.local.outcome import gather, plain
    from mlopsctl.runtime.report import write

    blueprint, layout, *_ = prepared
    outcome = gather(blueprint, layout, ended)
    _keep(layout.result, json.dumps(plain(blueprint, outcome, seconds), indent=1) + "\n")
    log = messages(layout.log(outcome.failed.step.name))[-_LAST_LINES:] if outcome.failed else []
    write.report(blueprint, layout, outcome, run.now, run.parameters, seconds, log)
    terminal.echo("")
    for line in (*_steps(outcome, seconds), "", *_checks(outcome), *_gates(outcome), *_drift(prepared, outcome)):
        terminal.echo(line)
    for line in _places(prepared, outcome, run.parameters):
        terminal.echo(line)
    return _failure(prepared, outcome)


def _keep(file: Path, text: str) -> None:
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)


def _steps(outcome: Outcome, seconds: float) -> list[str]:
    from mlopsctl.runtime.local.scheduler import NOT_REACHED, REUSED

    rows = [("step", "seconds", "memory", "")]
    for step in outcome.steps:
        if step.record is None or step.state == NOT_REACHED:
            rows.append((step.step.name, "-", "-", step.state))
            continue
        cost = (f"{step.record.seconds:.1f}", f"{step.record.peak / 2**20:.0f} MiB")
        rows.append((step.step.name, *(("-", "-") if step.state == REUSED else cost), step.state))
    rows.append(("together", f"{seconds:.1f}", "", ""))
    return aligned(rows, right=(1, 2))


def _checks(outcome: Outcome) -> list[str]:
    rows: list[Sequence[str]] = [("checks", *_STATES)]
    for stage, report in outcome.checks.items():
        counts = report.get("counts", {})
        rows.append((stage, *(str(counts.get(state, 0)) for state in _STATES)))
    return [*aligned(rows, right=(1, 2, 3, 4, 5)), ""] if len(rows) > 1 else []


def _gates(outcome: Outcome) -> list[str]:
    gates = outcome.verdict.get("gates", ())
    if not gates:
        return []
    rows = [("gate", "value", "served", "must be", "passed")]
    for gate in gates:
        holds = "yes" if gate["passed"] else f"NO: {gate['reason']}"
        rows.append((gate["metric"], _number(gate["value"]), _number(gate["served"]), gate["bounds"], holds))
    return [*aligned(rows), ""]


def _drift(prepared: LocalSystem, outcome: Outcome) -> list[str]:
    checks = prepared.blueprint.checks
    if not outcome.drift or not checks or not checks.live:
        return []
    rows = [("drift", "score", "maximum", "method")]
    for column in checks.live.drift:
        if column.name in outcome.drift:
            score = outcome.drift[column.name]
            verdict = f"{column.method}{'  DRIFTED' if score > column.max else ''}"
            rows.append((column.name, f"{score:.3f}", str(column.max), verdict))
    return [*aligned(rows), ""]


def _places(prepared: LocalSystem, outcome: Outcome, parameters: Mapping[str, str]) -> list[str]:
    """Return the lines about the registered version, the report and the tracking UI."""
    from mlopsctl.runtime.local.outcome import commit
    from mlopsctl.runtime.local.scheduler import DONE

    blueprint, layout, *_ = prepared
    lines = []
    if outcome.version and blueprint.model:
        alias, name = blueprint.model.alias, blueprint.model.registered_name
        lines.append(f"model     {name} version {outcome.version}, alias `{alias}`")
        if any(step.step.name == "register" and step.state == DONE for step in outcome.steps):
            lines.append(f"commit    {commit(parameters)}")
    ui = join((_program("mlflow"), "ui", "--backend-store-uri", f"sqlite:///{shortest_path(layout.tracking)}"))
    return [*lines, f"report    {shortest_path(layout.report)}", f"tracking  {ui}"]


def _program(name: str) -> str:
    """Return a program as the user's shell finds it: by name, or the path beside this interpreter."""
    sibling = Path(sys.executable).with_name(name)
    on_path = which(name)
    is_found = not sibling.exists() or (on_path and Path(on_path).samefile(sibling))
    return name if is_found else shortest_path(sibling)


def _failure(prepared: LocalSystem, outcome: Outcome) -> int:
    """Print a failed step's last messages and its log; return the exit code."""
    from mlopsctl.cli.views.progress import messages

    failed = outcome.failed
    if failed is None or failed.record is None:
        return cli.OK
    log = prepared.layout.log(failed.step.name)
    code = failed.record.code
    how = (
        "rejected"
        if code == GATE_REJECTED_CODE
        else f"was killed by signal {-code}"
        if code < 0
        else f"failed (exit code {code})"
    )
    terminal.echo(f"\nstep {failed.step.name} {how}; its last messages:", err=True)
    for line in messages(log)[-_LAST_LINES:]:
        terminal.echo(f"  {line}", err=True)
    terminal.echo(f"full log: {shortest_path(log)}", err=True)
    return GATE_REJECTED_CODE if code == GATE_REJECTED_CODE else cli.ERRORS


def aligned(rows: Iterable[Sequence[str]], right: tuple[int, ...] = ()) -> list[str]:
    """Align rows in columns; the columns in `right` to the right."""
    table = [list(row) for row in rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return [
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def shortest_path(path: Path) -> str:
    """Return a path relative to the current folder, if that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)
