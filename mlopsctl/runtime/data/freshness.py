"""Determine the age of features: the newest rows in the sources, and the newest that can be looked up.

The age of an online view is read from the online store: the source's rows would hide rows that were never loaded.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from mlopsctl.runtime.data import online_store
from mlopsctl.runtime.data.feature_files import feature_file, in_files, latest
from mlopsctl.runtime.step_context import StepContext


class Row(NamedTuple):
    """A key and the event time of its newest row."""

    key: Any
    time: datetime


def latest_rows(step_context: StepContext, defined: Any, key_type: str, ttl_s: int, store: Any) -> list[Row]:
    """List the keys that have a row younger than `ttl_s` seconds, each with its newest row's time, oldest first."""
    start = step_context.now - timedelta(seconds=ttl_s)
    key, time = defined.entity_columns[0].name, defined.batch_source.timestamp_field
    if in_files(step_context):
        rows = latest(feature_file(step_context, defined, key_type), (), start, step_context.now)
    else:
        rows = _keys_and_times(store, defined, key, start, step_context.now)
    pairs = zip(rows[key].to_pylist(), rows[time].to_pylist(), strict=True)
    return sorted((Row(value, _utc(when)) for value, when in pairs if value is not None), key=lambda row: row.time)


def _keys_and_times(store: Any, defined: Any, key: str, start: datetime, end: datetime) -> Any:
    """Read only keys and times from the offline store."""
    source = defined.batch_source
    return (
        store._get_provider()
        .offline_store.pull_latest_from_table_or_query(
            config=store.config,
            data_source=source,
            join_key_columns=[key],
            feature_name_columns=[],
            timestamp_field=source.timestamp_field,
            created_timestamp_column=source.created_timestamp_column or None,
            start_date=start,
            end_date=end,
        )
        .to_arrow()
    )


def _utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def newest(step_context: StepContext, store: Any, defined: Any, rows: list[Row]) -> datetime | None:
    """Return the event time of the newest row that can be looked up, or joined if the view is not online.

    The online store is queried for the keys with the newest rows in the source, so a row that it lacks makes the result
    older. None if no row is younger than the view's ttl, or if the store has none of those keys.
    """
    if not defined.online:
        return rows[-1].time if rows else None
    keys = [row.key for row in rows[-online_store.SAMPLE :]]
    return online_store.newest(online_store.event_times(store, defined, keys), step_context.now)
