"""Read feature rows from files: the newest row per key at many times (training) or at one time (the online store).

One SQL join by DuckDB for any number of rows. Feast's own joins are not used: its file store loses rows, ignores
`createdTime` and uses rows without an event time; its DuckDB store chooses any of two rows with one time, and fails on
fields that end in `_y` and on times in nanoseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.engines.feast.stores import FILE_STORES
from mlopsctl.runtime.failures import sentence
from mlopsctl.runtime.scoring.columns import INTEGER_TYPES
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pyarrow as pa

KEY, MOMENT, WRITTEN, PLACE = "key", "moment", "written", "place"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_AT_EACH = """
WITH dated AS (
  SELECT key, moment, place FROM source WHERE key IS NOT NULL AND moment IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY key, moment ORDER BY written DESC NULLS LAST, place DESC) = 1
)
SELECT CASE WHEN dated.moment >= asked.moment - $ttl THEN dated.place END AS place
FROM asked ASOF LEFT JOIN dated ON asked.key = dated.key AND asked.moment >= dated.moment
ORDER BY asked.place
"""
_AT_ONE = """
SELECT place FROM source WHERE key IS NOT NULL AND moment BETWEEN $start AND $end
QUALIFY row_number() OVER (PARTITION BY key ORDER BY moment DESC, written DESC NULLS LAST, place DESC) = 1
ORDER BY moment, place
"""
"""Of two rows with one time, the one written later is used, then the later one in the file. Times are microseconds."""


@dataclass(frozen=True, slots=True)
class FeatureFile:
    """The file of a view, and its key, event time and created time columns."""

    view: str
    path: str
    key: str
    key_type: str
    event_time: str
    created_time: str | None


def in_files(step_context: StepContext) -> bool:
    """Return whether the environment's offline store is the file store."""
    return step_context.blueprint.engines.features.settings["offline"]["type"] in FILE_STORES


def feature_file(step_context: StepContext, defined: Any, key_type: str) -> FeatureFile:
    """Return the file of a view in Feast's registry; a relative path starts from the root."""
    source, path = defined.batch_source, str(defined.batch_source.path)
    return FeatureFile(
        view=defined.name,
        path=path if "://" in path else str(step_context.root / path),
        key=defined.entity_columns[0].name,
        key_type=key_type,
        event_time=source.timestamp_field,
        created_time=source.created_timestamp_column or None,
    )


def as_of(file: FeatureFile, keys: Any, moments: Any, fields: Sequence[str], ttl_s: int) -> pa.Table:
    """Return the fields as of each key and time, in the given order.

    That is the key's newest row which is neither later than the moment nor more than `ttl_s` seconds older. Both bounds
    are inclusive; without such a row the fields are null.
    """
    import pyarrow as pa

    rows = _rows(file, fields)
    requested = {
        KEY: _keys(file, pa.Array.from_pandas(keys)),
        MOMENT: _microseconds(file, EVENT_TIME, pa.Array.from_pandas(moments)),
    }
    places = _places(_AT_EACH, {"ttl": ttl_s * 1_000_000}, source=_index(file, rows), asked=_numbered(requested))
    return rows.select(list(fields)).take(places)


def latest(file: FeatureFile, fields: Sequence[str], start: datetime, end: datetime) -> pa.Table:
    """Return the newest row of each key from `start` to `end`, both inclusive, ordered by event time.

    Columns: the key, the event time and the created time (if there is one) in UTC microseconds, and the fields.
    """
    rows = _rows(file, fields)
    index = _index(file, rows)
    bounds = {"start": _since_epoch(start), "end": _since_epoch(end)}
    rows = rows.set_column(rows.schema.get_field_index(file.key), file.key, index[KEY])
    for name in filter(None, (file.event_time, file.created_time)):
        rows = rows.set_column(rows.schema.get_field_index(name), name, _utc(file, name, rows[name]))
    return rows.take(_places(_AT_ONE, bounds, source=index))


def without_key(file: FeatureFile) -> int:
    """Count the rows without a key, which can never be looked up."""
    return int(_rows(file, ())[file.key].null_count)


def _rows(file: FeatureFile, fields: Sequence[str]) -> pa.Table:
    """Read the required columns, with dictionary-encoded columns as plain values."""
    import pyarrow as pa
    from pyarrow import dataset

    names = dict.fromkeys([file.key, file.event_time, *filter(None, (file.created_time,)), *fields])
    try:
        rows = dataset.dataset(file.path, format="parquet").to_table(columns=list(names))
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        message = f"the rows of view `{file.view}` cannot be read: {sentence(error)}"
        raise StepFailed(message, f"spec.features.views.{file.view}.source") from error
    plain = [_plain(rows[name]) for name in names]
    return pa.table(plain, names=list(names))


def _plain(column: Any) -> Any:
    from pyarrow import types

    return column.cast(column.type.value_type) if types.is_dictionary(column.type) else column


def _index(file: FeatureFile, rows: pa.Table) -> pa.Table:
    """Return the columns that select rows: keys and times, converted to common types."""
    moments = _microseconds(file, file.event_time, rows[file.event_time])
    # Without a created time, rows count as written at their event time.
    written = _microseconds(file, file.created_time, rows[file.created_time]) if file.created_time else moments
    return _numbered({KEY: _keys(file, rows[file.key]), MOMENT: moments, WRITTEN: written})


def _numbered(columns: Mapping[str, Any]) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    return pa.table({**columns, PLACE: np.arange(len(columns[KEY]))})


def _keys(file: FeatureFile, values: Any) -> Any:
    """Convert keys to the entity's type: integers as int64, others as text. NaN counts as no key."""
    import pyarrow as pa
    from pyarrow import compute, types

    values = _plain(values)
    if types.is_floating(values.type):
        values = compute.if_else(compute.is_nan(values), None, values)
    try:
        return values.cast(pa.int64() if file.key_type in INTEGER_TYPES else pa.string())
    except pa.ArrowException as error:
        message = (
            f"key `{file.key}` of view `{file.view}` must be {file.key_type}, but a value is not: {sentence(error)}"
        )
        raise StepFailed(message, f"spec.features.views.{file.view}.entity") from error


def _utc(file: FeatureFile, name: str, times: Any) -> Any:
    """Return times as UTC microseconds; a time without a zone is UTC."""
    import pyarrow as pa
    from pyarrow import compute, types

    if not types.is_timestamp(times.type) and not types.is_null(times.type):
        message = f"column `{name}` of view `{file.view}` must be timestamp, but is {times.type}"
        raise StepFailed(message, f"spec.features.views.{file.view}.source")
    if types.is_timestamp(times.type) and times.type.tz is None:
        times = compute.assume_timezone(times, "UTC")
    return times.cast(pa.timestamp("us", "UTC"), safe=False)


def _microseconds(file: FeatureFile, name: str, times: Any) -> Any:
    import pyarrow as pa

    return _utc(file, name, times).cast(pa.int64())


def _since_epoch(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _places(query: str, values: Mapping[str, int], **tables: pa.Table) -> Any:
    """Run the query over tables, and return the indexes of the selected rows."""
    import duckdb

    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(query, params=dict(values)).to_arrow_table()[PLACE]
