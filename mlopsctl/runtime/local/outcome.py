"""The outcome of a run, read from its steps' outputs for the summary and the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Step
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.scheduler import NOT_REACHED, REUSED, Ended
from mlopsctl.runtime.local.state import Record

UNCOMMITTED = "-dirty"
"""The suffix of a commit if code or spec have uncommitted changes, as with `git describe --dirty`."""
_SHORT = 12


def commit(parameters: Mapping[str, str]) -> str:
    """Return the text about a run's commit."""
    text = parameters.get("git-commit", "")
    if not text:
        return "none: the spec is in no git repository, or nothing is committed"
    short = text.removesuffix(UNCOMMITTED)
    return f"{short[:_SHORT]}{' with uncommitted changes' if short != text else ''}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of each stage; empty for stages that were not reached.

    `checks` are the reports of check steps by stage, `metrics` and `verdict` the documents of `evaluate` and `gate`,
    `drift` the scores by column, `monitor` the monitor's own report.
    """

    steps: tuple[Ended, ...]
    checks: Mapping[str, Mapping[str, Any]]
    metrics: Mapping[str, Any]
    verdict: Mapping[str, Any]
    monitor: Mapping[str, Any]
    drift: Mapping[str, float]
    rows: str
    dataset_hash: str
    run_id: str
    version: str

    @property
    def failed(self) -> Ended | None:
        """The step that ended the run."""
        return next((step for step in self.steps if step.failed), None)


def gather(blueprint: Blueprint, layout: Layout, ended: Sequence[Ended]) -> Outcome:
    """Read the outputs of this run's steps."""
    reached = {step_ended.step.name: step_ended for step_ended in ended if step_ended.state != NOT_REACHED}
    parameters: dict[str, dict[str, str]] = {
        name: dict(step_ended.record.parameters) if step_ended.record and not step_ended.failed else {}
        for name, step_ended in reached.items()
    }
    checks = {
        name.removeprefix("check-"): _document(layout, name, "report/report.json")
        for name in reached
        if name.startswith("check-")
    }
    return Outcome(
        steps=tuple(ended),
        checks={stage: report for stage, report in checks.items() if report},
        metrics=_step_document(layout, reached, "evaluate", "metrics"),
        verdict=_step_document(layout, reached, "gate", "verdict"),
        monitor=_step_document(layout, reached, "monitor", "report/report.json"),
        drift=_drift(blueprint, parameters.get("monitor", {})),
        rows=parameters.get("build-dataset", {}).get("rows", ""),
        dataset_hash=parameters.get("build-dataset", {}).get("dataset-hash", ""),
        run_id=parameters.get("train", {}).get("run-id", ""),
        version=parameters.get("register", {}).get("version", ""),
    )


def _drift(blueprint: Blueprint, left: Mapping[str, str]) -> dict[str, float]:
    live = blueprint.checks.live if blueprint.checks else None
    scores = {}
    for column in live.drift if live else ():
        try:
            score = float(left.get(column.parameter, ""))
        except ValueError:
            continue
        if score == score:  # noqa: PLR0124 - NaN stands for nothing to report
            scores[column.name] = score
    return scores


def _step_document(layout: Layout, reached: Mapping[str, Ended], step: str, file: str) -> Mapping[str, Any]:
    return _document(layout, step, file) if step in reached else {}


def _document(layout: Layout, step: str, file: str) -> Mapping[str, Any]:
    try:
        content = json.loads((layout.step(step) / file).read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def plain(blueprint: Blueprint, outcome: Outcome, seconds: float) -> dict[str, Any]:
    """Return the outcome as plain data for JSON."""
    failed = outcome.failed
    model = blueprint.model
    return {
        "system": blueprint.identity.system,
        "environment": blueprint.identity.environment,
        "passed": failed is None,
        "failed": failed.step.name if failed else None,
        "seconds": round(seconds, 3),
        "steps": [_step(step.step, step.state, step.record) for step in outcome.steps],
        "checks": {stage: report.get("counts", {}) for stage, report in outcome.checks.items()},
        "gates": list(outcome.verdict.get("gates", ())),
        "metrics": dict(outcome.metrics.get("metrics", {})),
        "drift": dict(outcome.drift),
        "model": model.registered_name if model else None,
        "alias": model.alias if model else None,
        "version": outcome.version or None,
        "run": outcome.run_id or None,
        "dataset": outcome.dataset_hash or None,
    }


def _step(step: Step, state: str, record: Record | None) -> dict[str, Any]:
    cost: dict[str, Any] = asdict(record) if record and state != NOT_REACHED else {}
    numbers = {name: value for name, value in cost.items() if name in ("seconds", "cpu", "peak", "code", "ended")}
    return {"name": step.name, "state": state, **numbers}


def worked(outcome: Outcome) -> int:
    """Count the steps that this run executed, including failed ones."""
    return sum(step.state not in (REUSED, NOT_REACHED) for step in outcome.steps)
