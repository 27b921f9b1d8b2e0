"""The end of a run: a table of steps, checks, gates and the model, the report, and last of all what went wrong.

In: how the steps ended. Out: text on the output stream, `run.json` and `report.html`, and the exit code.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from shlex import join
from shutil import which
from typing import TYPE_CHECKING

import click

from mlopsctl import cli
from mlopsctl.blueprint.model import REFUSED

if TYPE_CHECKING:
    from mlopsctl.cli.laptop import Laptop
    from mlopsctl.runtime.local.outcome import Outcome
    from mlopsctl.runtime.local.walk import Ended, Run

_LAST_LINES = 12
_STATES = ("failed", "not-run", "warned", "passed", "info")


def conclude(prepared: Laptop, run: Run, ended: Sequence[Ended], seconds: float) -> int:
    """Write the report, print the summary, and return the run's exit code."""
    from mlopsctl.cli.progress import messages
    from mlopsctl.runtime.local.outcome import gather, plain
    from mlopsctl.runtime.report import write

    blueprint, layout = prepared
    outcome = gather(blueprint, layout, ended)
    _keep(layout.result, json.dumps(plain(blueprint, outcome, seconds), indent=1) + "\n")
    log = messages(layout.log(outcome.failed.step.name))[-_LAST_LINES:] if outcome.failed else []
    write.report(blueprint, layout, outcome, run.now, run.parameters, seconds, log)
    click.echo("")
    for line in (*_steps(outcome, seconds), "", *_checks(outcome), *_gates(outcome), *_drift(prepared, outcome)):
        click.echo(line)
    for line in _places(prepared, outcome):
        click.echo(line)
    return _failure(prepared, outcome)


def _keep(file: Path, text: str) -> None:
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)


def _steps(outcome: Outcome, seconds: float) -> list[str]:
    from mlopsctl.runtime.local.walk import NOT_REACHED, REUSED

    rows = [("step", "seconds", "memory", "")]
    for one in outcome.steps:
        if one.record is None or one.state == NOT_REACHED:
            rows.append((one.step.name, "-", "-", one.state))
            continue
        cost = (f"{one.record.seconds:.1f}", f"{one.record.peak / 2**20:.0f} MiB")
        rows.append((one.step.name, *(("-", "-") if one.state == REUSED else cost), one.state))
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
    rows = [("gate", "value", "served", "must be", "holds")]
    for one in gates:
        holds = "yes" if one["passed"] else f"NO: {one['reason']}"
        rows.append((one["metric"], _number(one["value"]), _number(one["served"]), one["bounds"], holds))
    return [*aligned(rows), ""]


def _drift(prepared: Laptop, outcome: Outcome) -> list[str]:
    checks = prepared.blueprint.checks
    if not outcome.drift or not checks or not checks.live:
        return []
    rows = [("drift", "score", "at most", "by")]
    for column in checks.live.drift:
        if column.name in outcome.drift:
            score = outcome.drift[column.name]
            told = f"{column.method}{'  DRIFTED' if score > column.max else ''}"
            rows.append((column.name, f"{score:.3f}", str(column.max), told))
    return [*aligned(rows), ""]


def _places(prepared: Laptop, outcome: Outcome) -> list[str]:
    """Say what was registered and where to look."""
    blueprint, layout = prepared
    lines = []
    if outcome.version and blueprint.model:
        alias, name = blueprint.model.alias, blueprint.model.registered_name
        lines.append(f"model     {name} version {outcome.version}, alias `{alias}`")
    ui = join((_program("mlflow"), "ui", "--backend-store-uri", f"sqlite:///{here(layout.tracking)}"))
    return [*lines, f"report    {here(layout.report)}", f"tracking  {ui}"]


def _program(name: str) -> str:
    """Name a program as the user's shell finds it: the one beside this interpreter, where it is not on the path."""
    beside = Path(sys.executable).with_name(name)
    found = which(name)
    known = not beside.exists() or (found and Path(found).samefile(beside))
    return name if known else here(beside)


def _failure(prepared: Laptop, outcome: Outcome) -> int:
    """Show a failed step's last words and its log, last of all; return the exit code."""
    from mlopsctl.cli.progress import messages

    failed = outcome.failed
    if failed is None or failed.record is None:
        return cli.OK
    log = prepared.layout.log(failed.step.name)
    code = failed.record.code
    how = "said no" if code == REFUSED else f"was ended by signal {-code}" if code < 0 else f"broke (exit code {code})"
    click.echo(f"\nstep {failed.step.name} {how}; it last said:", err=True)
    for line in messages(log)[-_LAST_LINES:]:
        click.echo(f"  {line}", err=True)
    click.echo(f"its log is {here(log)}", err=True)
    return REFUSED if code == REFUSED else cli.ERRORS


def aligned(rows: Iterable[Sequence[str]], right: tuple[int, ...] = ()) -> list[str]:
    """Align rows in columns; those in `right` to the right."""
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


def here(path: Path) -> str:
    """Name a path from the current folder, where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)
