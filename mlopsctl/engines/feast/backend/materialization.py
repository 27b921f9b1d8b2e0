"""Materialise views with Feast: load the rows that the online store lacks, and return its newest time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mlopsctl.blueprint.model.features import View
from mlopsctl.runtime.data.feature_files import feature_file, in_files, latest, without_key
from mlopsctl.runtime.data.freshness import Row, latest_rows, newest
from mlopsctl.runtime.data.online_store import evenly_spaced, event_times, write
from mlopsctl.runtime.log import quiet
from mlopsctl.runtime.step_context import StepContext


def load(step_context: StepContext, store: Any, view: View, mode: str) -> datetime | None:
    """Load a view, and return the event time of the newest row in the online store afterwards."""
    kind = next(entity.type for entity in step_context.definitions.entities if entity.name == view.entity)
    defined = store.get_feature_view(view.name)
    rows = latest_rows(step_context, defined, kind, view.ttl, store)
    if not view.online:
        step_context.log.warn(f"view `{view.name}` has no online store: there is nothing to load", view=view.name)
        return newest(step_context, store, defined, rows)
    start = _start(step_context, store, view, rows, mode)
    if in_files(step_context):
        _load_file(step_context, store, view, kind, start)
    else:
        with quiet():
            store.materialize(start, step_context.now, feature_views=[view.name])
    step_context.log.say(f"view `{view.name}` is loaded since {start.isoformat()}", view=view.name, mode=mode)
    moment = newest(step_context, store, defined, rows)
    if moment is None:
        step_context.log.warn(f"view `{view.name}` has no row younger than its ttl", view=view.name)
    return moment


def _load_file(step_context: StepContext, store: Any, view: View, kind: str, start: datetime) -> None:
    """Load a view's file by the rules of the point-in-time join, so that lookups equal training."""
    defined = store.get_feature_view(view.name)
    file = feature_file(step_context, defined, kind)
    left_out = without_key(file)
    if left_out:
        step_context.log.warn(f"{left_out} rows of view `{view.name}` have no key and are dropped", rows=left_out)
    write(
        store,
        defined,
        latest(file, [field.name for field in view.fields], start, step_context.now),
        start,
        step_context.now,
    )


def _start(step_context: StepContext, store: Any, view: View, rows: list[Row], mode: str) -> datetime:
    """Return the start of the time range to load.

    An increment begins at the end of the last one, minus the source's lateness. Loads that ended
    after this run's time are ignored: a run with a later `--now` has not read the rows that landed since.
    """
    oldest = step_context.now - timedelta(seconds=view.ttl)
    ends = [_utc(end) for _, end in store.get_feature_view(view.name).materialization_intervals]
    last = max((end for end in ends if end <= step_context.now), default=None)
    if mode == "full" or last is None:
        return oldest
    start = max(oldest, last - timedelta(seconds=_lateness(step_context, view)))
    return oldest if _is_lacking(step_context, store, view, [row for row in rows if row.time < start]) else start


def _is_lacking(step_context: StepContext, store: Any, view: View, rows: list[Row]) -> bool:
    """Return whether the online store lacks rows before the increment: it was emptied, or rows landed even later."""
    sample = evenly_spaced(rows)
    times = event_times(store, store.get_feature_view(view.name), [row.key for row in sample])
    lacking = sum(time is None or time < row.time for time, row in zip(times, sample, strict=True))
    if lacking:
        message = (
            f"the online store lacks {lacking} of {len(sample)} sampled rows of view `{view.name}`: it was emptied, or "
            "rows landed later than the source's `lateness`. Every row younger than the ttl is loaded again"
        )
        step_context.log.warn(message, view=view.name, rows=lacking)
    return bool(lacking)


def _lateness(step_context: StepContext, view: View) -> int:
    """Return how many seconds after their event time rows of the view's source may still land."""
    return next(source.reach for source in step_context.definitions.sources if source.name == view.source)


def _utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
