"""`monitor`: compare recent rows with the training snapshot of the served version, and predictions with labels.

Values that cannot be computed are NaN, which no engine exports. The step never rejects a run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from mlopsctl.blueprint.model.checks import DriftColumn, Live, QualityMonitor
from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.catalogue.bounds import above, below, number_text, text
from mlopsctl.runtime.backends import chosen, registry
from mlopsctl.runtime.backends.check_results import FAILED, INFO, NOT_RUN, PASSED, Outcome, write_report
from mlopsctl.runtime.backends.feature_store import FeatureStore
from mlopsctl.runtime.backends.registry import Registry, Version
from mlopsctl.runtime.data.artifacts import write_parameter
from mlopsctl.runtime.data.examples import joined, label_rows, label_values
from mlopsctl.runtime.failures import sentence
from mlopsctl.runtime.gauges import NOTHING, publish
from mlopsctl.runtime.model import drift
from mlopsctl.runtime.model.metrics import measure
from mlopsctl.runtime.scoring.vectors import own_columns
from mlopsctl.runtime.step_context import StepContext, StepFailed
from mlopsctl.runtime.steps.evaluate import load

if TYPE_CHECKING:
    import pandas as pd


class Monitored(NamedTuple):
    """The served version, with the registry and the feature store of its environment."""

    version: Version
    runs: Registry
    store: FeatureStore


def run(step_context: StepContext) -> None:
    """Monitor the served version."""
    live = step_context.checks.live
    if live is None:
        raise StepFailed("the spec has no live checks", "spec.checks.live")
    runs, store = chosen.registry(step_context), chosen.feature_store(step_context)
    version = runs.served()
    if version is None:
        step_context.log.warn("no version is served yet: there is nothing to monitor")
    monitored = Monitored(version, runs, store) if version else None
    drifts, missing = _drift(step_context, monitored, live) if monitored and live.drift else ((), {})
    quality = _quality(step_context, monitored, live, live.quality) if monitored and live.quality else None
    measured = (*drifts, *((quality,) if quality else ()))
    drifted = any(outcome.state == FAILED for outcome in drifts)
    _publish(step_context, parameters({outcome.name: outcome.value for outcome in measured} | missing), drifted)
    _report(step_context, version, (*measured, *_freshness(step_context, store)), drifted)


Numbers = dict[str, float | None]
"""Computed numbers by output parameter; None if there are too few values."""


def parameters(measured: Mapping[str, float | None]) -> dict[str, str]:
    """Format numbers for output parameters and gauges."""
    return {name: NOTHING if value is None else text(value) for name, value in measured.items()}


def _drift(step_context: StepContext, monitored: Monitored, live: Live) -> tuple[tuple[Outcome, ...], Numbers]:
    """Score every watched column, and return the shares of missing values beside the outcomes."""
    start = step_context.now - timedelta(seconds=live.window)
    recent = label_rows(step_context, monitored.store, start, step_context.now)
    if recent.empty:
        step_context.log.warn(f"there are no rows in the last {live.window} seconds")
        return tuple(_drift_outcome(column, None, "") for column in live.drift), {}
    reference, rows = _snapshot(step_context, monitored), joined(step_context, monitored.store, recent)
    library = chosen.checks(step_context)
    scores = drift.scores(reference, rows, live.drift, library.drift)
    shares = drift.missing_shares(rows, live.drift)
    outcomes = tuple(
        _drift_outcome(column, scores[column.name], _missing(reference, rows, column.name)) for column in live.drift
    )
    return outcomes, {column.missing: shares[column.name] for column in live.drift}


def _missing(reference: pd.DataFrame, rows: pd.DataFrame, name: str) -> str:
    """Return the text about a column's share of missing values; empty if none is missing."""
    if name not in reference.columns or name not in rows.columns:
        return ""
    before, now = reference[name].isna().mean(), rows[name].isna().mean()
    return f"; {now:.1%} of its values are missing, {before:.1%} in training" if before or now else ""


def _drift_outcome(column: DriftColumn, score: float | None, missing: str) -> Outcome:
    if score is None:
        return Outcome(column.parameter, NOT_RUN, "there are too few recent values", True)
    drifted = above(score, column.max)
    reason = f"{column.method} {number_text(score, column.max)}; at most {column.max} is allowed{missing}"
    return Outcome(column.parameter, FAILED if drifted else PASSED, reason, True, (), score)


def _snapshot(step_context: StepContext, monitored: Monitored) -> pd.DataFrame:
    """Load the rows that the served version was trained on."""
    import pandas as pd

    version, served = monitored.version, step_context.model.served
    place = (served.snapshot if served else None) or version.tags.get(registry.SNAPSHOT)
    if not place:
        raise StepFailed(f"version {version.version} has no training snapshot: it was not registered by these steps")
    try:
        return pd.read_parquet(monitored.runs.fetch(place))
    except Exception as error:
        message = f"the training snapshot of version {version.version} cannot be read: {sentence(error)}"
        raise StepFailed(message) from error


def _quality(step_context: StepContext, monitored: Monitored, live: Live, watched: QualityMonitor) -> Outcome:
    """Evaluate the served version on the newest rows whose label is known."""
    end = step_context.now - timedelta(seconds=watched.delay)
    rows = label_rows(step_context, monitored.store, end - timedelta(seconds=live.window), end)
    rows = rows[rows[step_context.model.label.column].notna()].reset_index(drop=True)
    if rows.empty:
        return Outcome("quality", NOT_RUN, f"no labelled rows in the {live.window} seconds before {end}", True)
    scorer = load(step_context, monitored.runs, monitored.version)
    answers = scorer.answers(own_columns(scorer.contract, joined(step_context, monitored.store, rows)))
    metrics, skipped = measure(step_context.model.task, answers, label_values(step_context, rows))
    value = metrics.get(watched.metric)
    if value is None:
        return Outcome("quality", NOT_RUN, skipped.get(watched.metric, "it could not be computed"), True)
    worse = below if watched.higher_is_better else above
    bound_word = "least" if watched.higher_is_better else "most"
    since = rows[EVENT_TIME].min().isoformat()
    number = number_text(value, watched.bound)
    reason = f"{watched.metric} {number} on {len(rows)} rows since {since}; at {bound_word} {watched.bound} is required"
    return Outcome("quality", FAILED if worse(value, watched.bound) else PASSED, reason, True, (), value)


def _freshness(step_context: StepContext, store: FeatureStore) -> tuple[Outcome, ...]:
    """Return how old the newest features are; materialising exports the same as a gauge."""
    outcomes = []
    for view, moment in store.newest(step_context.feature_set.lookups):
        age = None if moment is None else (step_context.now - moment).total_seconds()
        age_text = (
            f"older than its ttl of {view.ttl} s" if age is None else f"newest row {age:.0f} s old, ttl {view.ttl} s"
        )
        outcomes.append(Outcome(f"freshness of {view.name}", FAILED if age is None else INFO, age_text, False, (), age))
    return tuple(outcomes)


def _publish(step_context: StepContext, values: Mapping[str, str], drifted: bool) -> None:
    """Write the output parameters and the gauges."""
    for name, path in step_context.outputs.items():
        if name != "report":
            write_parameter(path, str(drifted).lower() if name == "drifted" else values.get(name, NOTHING))
    publish(step_context, values)


def _report(step_context: StepContext, version: Version | None, outcomes: Sequence[Outcome], drifted: bool) -> None:
    """Write the report, and log each outcome."""
    report = {
        "stage": "monitor",
        "version": version.version if version else "",
        "as_of": step_context.now.isoformat(),
        "drifted": drifted,
        "checks": [
            {"name": outcome.name, "state": outcome.state, "reason": outcome.reason, "value": outcome.value}
            for outcome in outcomes
        ],
    }
    write_report(step_context, "monitor", report, outcomes)
    for outcome in outcomes:
        (step_context.log.warn if outcome.state in (FAILED, NOT_RUN) else step_context.log.say)(
            f"{outcome.name}: {outcome.reason}", state=outcome.state
        )
