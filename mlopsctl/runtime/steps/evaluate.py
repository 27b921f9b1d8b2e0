"""`evaluate`: compute the metrics of the model and of the served version on the holdout.

Metrics are logged to the run before the gate. If the served version cannot be evaluated, the reason is recorded and
the gate decides.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlopsctl.catalogue.bounds import number_text
from mlopsctl.runtime.backends import chosen, registry
from mlopsctl.runtime.backends.registry import Registry, Version
from mlopsctl.runtime.data.artifacts import Dataset, read_dataset, write_json
from mlopsctl.runtime.failures import sentence
from mlopsctl.runtime.model import package
from mlopsctl.runtime.model.metrics import measure, unknown_classes
from mlopsctl.runtime.model.package_digest import verify
from mlopsctl.runtime.model.plot_data import pictures
from mlopsctl.runtime.run_outcome import recorded
from mlopsctl.runtime.scoring.scorer import Scorer
from mlopsctl.runtime.scoring.vectors import own_columns
from mlopsctl.runtime.step_context import StepContext, StepFailed

_MOST_METRICS = 4


def run(step_context: StepContext) -> None:
    """Evaluate both models on the same rows."""
    folder = step_context.input("model")
    run = package.run_of(folder)
    with recorded(step_context, run):
        runs = chosen.registry(step_context)
        document = _measured(step_context, runs, folder)
    if run:
        runs.log(run, {}, document["metrics"])
    write_json(step_context.output("metrics"), {"run": run, **document})
    metrics = document["metrics"]
    first = [*dict.fromkeys([*(gate.metric for gate in step_context.checks.gates), *metrics])][:_MOST_METRICS]
    listed = ", ".join(f"{name} {number_text(metrics[name])}" for name in first if name in metrics)
    rows = document["rows"]
    step_context.log.say(f"on {rows} holdout rows: {listed or 'no metric could be computed'}", metrics=metrics)


def _measured(step_context: StepContext, runs: Registry, folder: Path) -> dict[str, Any]:
    """Compute the metrics of the trained and of the served model."""
    data = read_dataset(step_context.input("holdout"))
    scorer = package.scorer(folder)
    inputs = own_columns(scorer.contract, data.rows)
    try:
        answers = scorer.answers(inputs)
    except Exception as error:
        raise StepFailed(f"the model cannot predict the holdout: {sentence(error)}", "spec.model.code") from error
    metrics, skipped = measure(step_context.model.task, answers, data.label)
    if strange := unknown_classes(step_context.model.task, answers, data.label):
        step_context.log.warn(strange)
    return {
        "rows": len(data.rows),
        "dataset_hash": data.schema.hash,
        "metrics": metrics,
        "skipped": skipped,
        "served": _served(step_context, runs, data),
        "plots": pictures(scorer, inputs, data.label, answers, step_context.model.seed),
    }


def _served(step_context: StepContext, runs: Registry, data: Dataset) -> dict[str, Any] | None:
    """Evaluate the served version; None if there is none."""
    version = runs.served()
    if version is None:
        step_context.log.say("no version is served yet")
        return None
    result: dict[str, Any] = {"version": str(version.version), "metrics": {}, "skipped": {}, "reason": ""}
    try:
        scorer = load(step_context, runs, version)
        answers = scorer.answers(own_columns(scorer.contract, data.rows))
        result["metrics"], result["skipped"] = measure(step_context.model.task, answers, data.label)
    except Exception as error:
        result["reason"] = sentence(error)
        step_context.log.warn(f"the served version {version.version} cannot be evaluated: {result['reason']}")
    return result


def load(step_context: StepContext, runs: Registry, version: Version) -> Scorer:
    """Load a registered version's scorer."""
    folder = runs.fetch(version.source)
    served = step_context.model.served
    verify(folder, (served.package if served else None) or version.tags.get(registry.PACKAGE), version.version)
    if not package.is_package(folder):
        raise StepFailed(f"version {version.version} was not registered by these steps")
    return package.scorer(folder)
