"""`evaluate`: measure the model on the holdout, and the model now served beside it.

In: `model` and `holdout`. Out: `metrics`, a JSON document with both models' numbers and the points of plots. A served
model that cannot be measured is said to be so; what that means is for the gate.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.runtime import package, registry, tracking
from mlopsctl.runtime.artifacts import Dataset, read_dataset, write_json
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.failures import sentence
from mlopsctl.runtime.measures import measure
from mlopsctl.runtime.pictures import pictures
from mlopsctl.runtime.served.scorer import Scorer
from mlopsctl.runtime.served.vectors import own_columns

_SHOWN = 4


def run(call: Call) -> None:
    """Measure both models on the same rows."""
    data = read_dataset(call.input("holdout"))
    scorer = package.scorer(call.input("model"))
    inputs = own_columns(scorer.contract, data.rows)
    try:
        answers = scorer.answers(inputs)
    except Exception as error:
        raise Broken(f"the model cannot answer the holdout: {sentence(error)}", "spec.model.code") from error
    metrics, skipped = measure(call.model.task, answers, data.label)
    served = _served(call, data)
    document = {
        "rows": len(data.rows),
        "dataset_hash": data.schema.hash,
        "metrics": metrics,
        "skipped": skipped,
        "served": served,
        "plots": pictures(scorer, inputs, data.label, answers, call.model.seed),
    }
    write_json(call.output("metrics"), document)
    shown = [*dict.fromkeys([*(gate.metric for gate in call.checks.gates), *metrics])][:_SHOWN]
    told = ", ".join(f"{name} {metrics[name]:.4f}" for name in shown if name in metrics)
    call.log.say(f"on {len(data.rows)} rows that were kept back: {told}", metrics=metrics)


def _served(call: Call, data: Dataset) -> dict[str, Any] | None:
    """Measure the model now served; None where there is none."""
    version = registry.opened(call).served()
    if version is None:
        call.log.say("no version is served yet")
        return None
    found: dict[str, Any] = {"version": str(version.version), "metrics": {}, "reason": ""}
    try:
        scorer = load(call, version)
        answers = scorer.answers(own_columns(scorer.contract, data.rows))
        found["metrics"] = measure(call.model.task, answers, data.label)[0]
    except Exception as error:
        found["reason"] = sentence(error)
        call.log.warn(f"version {version.version}, which is served, cannot be measured: {found['reason']}")
    return found


def load(call: Call, version: Any) -> Scorer:
    """Load a registered version's scorer."""
    folder = tracking.fetched(call, version.source)
    if not package.is_package(folder):
        raise Broken(f"version {version.version} was not registered by these steps")
    return package.scorer(folder)
