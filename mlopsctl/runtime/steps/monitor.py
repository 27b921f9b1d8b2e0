"""`monitor`: recent rows against the training snapshot of the served version, and its answers against labels.

In: the label source, the feature store, the registry. Out: `report`; the parameters `drifted`, `drift-<column>` and
`quality`. What cannot be told is NaN, which no engine exports. It looks and tells; it never refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model import DriftColumn, Live, LookupView, QualityMonitor
from mlopsctl.runtime import drift, hopsworks, registry, tracking
from mlopsctl.runtime.artifacts import EVENT_TIME, write_parameter
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.examples import joined, label_rows, label_values
from mlopsctl.runtime.failures import sentence
from mlopsctl.runtime.gauges import NOTHING, publish
from mlopsctl.runtime.measures import measure
from mlopsctl.runtime.outcomes import FAILED, INFO, NOT_RUN, PASSED, Outcome, write_report
from mlopsctl.runtime.served.vectors import own_columns
from mlopsctl.runtime.steps.evaluate import load

if TYPE_CHECKING:
    import pandas as pd


def run(call: Call) -> None:
    """Watch the served version."""
    live = call.checks.live
    if live is None:
        raise Broken("nothing is watched", "spec.checks.live")
    version = registry.opened(call).served()
    if version is None:
        call.log.warn("no version is served yet: there is nothing to watch")
    drifts = _drift(call, live, version) if version and live.drift else ()
    quality = _quality(call, live, live.quality, version) if version and live.quality else None
    _tell(call, version, drifts, quality)


def _drift(call: Call, live: Live, version: Any) -> tuple[Outcome, ...]:
    """Score every watched column."""
    recent = label_rows(call, call.now - timedelta(seconds=live.window), call.now)
    if recent.empty:
        call.log.warn(f"there are no rows in the last {live.window} seconds")
        scores: dict[str, float | None] = {}
    else:
        reference = _snapshot(call, version)
        scores = drift.scores(reference, joined(call, recent), live.drift)
    return tuple(_drift_outcome(one, scores.get(one.name)) for one in live.drift)


def _drift_outcome(column: DriftColumn, score: float | None) -> Outcome:
    if score is None:
        return Outcome(column.parameter, NOT_RUN, "there are too few recent values to tell", True)
    drifted = score > float(column.max)
    reason = f"{column.method} {score:.4f}, and at most {column.max} is allowed"
    return Outcome(column.parameter, FAILED if drifted else PASSED, reason, True, (), score)


def _snapshot(call: Call, version: Any) -> pd.DataFrame:
    """Load the rows that the served version was trained on."""
    import pandas as pd

    served = call.model.served
    place = (served.snapshot if served else None) or version.tags.get(registry.SNAPSHOT)
    if not place:
        raise Broken(f"version {version.version} has no training snapshot: it was not registered by these steps")
    try:
        return pd.read_parquet(tracking.fetched(call, place))
    except Exception as error:
        message = f"the training snapshot of version {version.version} cannot be read: {sentence(error)}"
        raise Broken(message) from error


def _quality(call: Call, live: Live, watched: QualityMonitor, version: Any) -> Outcome:
    """Measure the served version on the newest rows whose label is known."""
    end = call.now - timedelta(seconds=watched.delay)
    rows = label_rows(call, end - timedelta(seconds=live.window), end)
    rows = rows[rows[call.model.label.column].notna()].reset_index(drop=True)
    if rows.empty:
        return Outcome("quality", NOT_RUN, f"no labelled rows in the {live.window} seconds before {end}", True)
    scorer = load(call, version)
    answers = scorer.answers(own_columns(scorer.contract, joined(call, rows)))
    found, skipped = measure(call.model.task, answers, label_values(call, rows))
    value = found.get(watched.metric)
    if value is None:
        return Outcome("quality", NOT_RUN, skipped.get(watched.metric, "it could not be measured"), True)
    bound = float(watched.bound)
    holds = value >= bound if watched.higher_is_better else value <= bound
    word = "least" if watched.higher_is_better else "most"
    since = rows[EVENT_TIME].min().isoformat()
    reason = f"{watched.metric} {value:.4f} on {len(rows)} rows since {since}; at {word} {watched.bound} is wanted"
    return Outcome("quality", PASSED if holds else FAILED, reason, True, (), value)


def _freshness(call: Call) -> tuple[Outcome, ...]:
    """Say how old the newest features are; materialising exports the same as a gauge."""
    found = []
    for view, moment in _newest(call):
        age = None if moment is None else (call.now - moment).total_seconds()
        said = f"older than its ttl of {view.ttl} s" if age is None else f"newest row {age:.0f} s old, ttl {view.ttl} s"
        found.append(Outcome(f"freshness of {view.name}", FAILED if age is None else INFO, said, False, (), age))
    return tuple(found)


def _newest(call: Call) -> Iterator[tuple[LookupView, datetime | None]]:
    """Yield each view of the set with the event time of its newest row."""
    if hopsworks.chosen(call):
        project = hopsworks.opened(call)
        yield from ((view, hopsworks.newest(call, project, view)) for view in call.feature_set.lookups)
        return
    from mlopsctl.runtime.feature_store import ready
    from mlopsctl.runtime.freshness import newest

    store = ready(call)
    for view in call.feature_set.lookups:
        yield view, newest(call, store, view.name, [field.name for field in view.fields], view.ttl)


def _tell(call: Call, version: Any, drifts: tuple[Outcome, ...], quality: Outcome | None) -> None:
    """Write the report, the parameters and the gauges."""
    measured = (*drifts, *((quality,) if quality else ()))
    values = {one.name: NOTHING if one.value is None else f"{one.value:.6g}" for one in measured}
    drifted = any(one.state == FAILED for one in drifts)
    for name, path in call.outputs.items():
        if name != "report":
            write_parameter(path, str(drifted).lower() if name == "drifted" else values.get(name, NOTHING))
    publish(call, values)
    outcomes = (*measured, *_freshness(call))
    report = {
        "stage": "monitor",
        "version": str(version.version) if version else "",
        "as_of": call.now.isoformat(),
        "drifted": drifted,
        "checks": [
            {"name": one.name, "state": one.state, "reason": one.reason, "value": one.value} for one in outcomes
        ],
    }
    write_report(call, "monitor", report, outcomes)
    for one in outcomes:
        (call.log.warn if one.state in (FAILED, NOT_RUN) else call.log.say)(
            f"{one.name}: {one.reason}", state=one.state
        )
