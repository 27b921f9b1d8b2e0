"""The online store behind Feast: write a view's rows to it, and read back how new its values are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mlopsctl.runtime.log import quiet

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE = 500
"""So many keys are read back to tell what the store holds."""
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
    """Return the event time of what the store holds of each key; None where it lacks the key or one of its fields."""
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
    """Yield for each key the oldest event time of its fields."""
    for place in range(count):
        times = [field.event_timestamps[place].ToMicroseconds() for field in fields]
        yield datetime.fromtimestamp(min(times) / 1_000_000, UTC) if all(times) else None


def evenly_spaced(rows: Sequence[Any]) -> list[Any]:
    """Choose a sample that is evenly spaced over the rows, the first and the last among them."""
    if len(rows) <= SAMPLE:
        return list(rows)
    return [rows[place * (len(rows) - 1) // (SAMPLE - 1)] for place in range(SAMPLE)]


def newest(times: Iterable[datetime | None], now: datetime) -> datetime | None:
    """Return the newest time that has come: a run for a moment ahead may have left later ones."""
    return max((time for time in times if time is not None and time <= now), default=None)
