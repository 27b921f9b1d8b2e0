"""Feast's online store: write a view's rows, and read the event times of its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mlopsctl.runtime.log import quiet

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE = 500
"""The number of keys that are read back to check the store's content."""
_ROWS = 10_000


def write(store: Any, defined: Any, rows: pa.Table, start: datetime, end: datetime) -> None:
    """Write rows, and register that the view is loaded from `start` to `end`, as Feast's own materialisation does."""
    from feast.utils import _convert_arrow_to_proto

    kinds = {column.name: column.dtype.to_value_type() for column in defined.entity_columns}
    provider = store._get_provider()
    with quiet():
        for batch in rows.combine_chunks().to_batches(max_chunksize=_ROWS):
            if batch.num_rows:
                values = _convert_arrow_to_proto(batch, defined, kinds)
                provider.online_write_batch(store.config, defined, values, progress=None)
        store.registry.apply_materialization(defined, store.project, start, end)


def event_times(store: Any, defined: Any, keys: Sequence[Any]) -> list[datetime | None]:
    """Return the event time of each key in the store; None if it lacks the key or one of its fields."""
    names = [f"{defined.name}:{field.name}" for field in defined.features]
    key = defined.entity_columns[0].name
    times: list[datetime | None] = []
    for begin in range(0, len(keys), SAMPLE):
        some = keys[begin : begin + SAMPLE]
        with quiet():
            answer = store.get_online_features(features=names, entity_rows=[{key: value} for value in some]).proto
        answers = zip(answer.metadata.feature_names.val, answer.results, strict=True)
        times += _of_all_fields([values for name, values in answers if name != key], len(some))
    return times


def _of_all_fields(fields: Sequence[Any], count: int) -> Iterator[datetime | None]:
    """Yield the oldest event time of each key's fields."""
    for place in range(count):
        times = [field.event_timestamps[place].ToMicroseconds() for field in fields]
        yield datetime.fromtimestamp(min(times) / 1_000_000, UTC) if all(times) else None


def evenly_spaced(rows: Sequence[Any]) -> list[Any]:
    """Choose a sample that is evenly spaced over the rows, the first and the last among them."""
    if len(rows) <= SAMPLE:
        return list(rows)
    return [rows[place * (len(rows) - 1) // (SAMPLE - 1)] for place in range(SAMPLE)]


def newest(times: Iterable[datetime | None], now: datetime) -> datetime | None:
    """Return the newest time that is not in the future: a run with a later `--now` may have written later ones."""
    return max((time for time in times if time is not None and time <= now), default=None)
