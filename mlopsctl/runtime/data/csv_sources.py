"""Read CSV sources by the types of their columns, and copy them to Parquet, because offline stores read no CSV.

A copy is updated when the file or the types of its columns change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.features import Source
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.engines.feast.stores import parquet_copy
from mlopsctl.runtime.data.artifacts import written_whole
from mlopsctl.runtime.data.source_places import field, place
from mlopsctl.runtime.data.table_files import read_csv
from mlopsctl.runtime.scoring.columns import ColumnError, typed
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

_STAMP = b"mlopsctl.csv"


def copy_csv(step_context: StepContext, sources: Iterable[Source]) -> None:
    """Update the Parquet copies of CSV sources."""
    for source in sources:
        if source.type != "csv" or source.path is None:
            continue
        origin, copy = place(step_context, source), place(step_context, source, parquet_copy(source.path))
        stamp = _stamp(origin, source)
        if stamp and stamp == _stamp_of(copy):
            continue
        frame = rows(origin, source)
        _write(frame, copy, stamp)
        step_context.log.say(f"{source.path} is copied to Parquet for the offline store", rows=len(frame))


def rows(origin: str, source: Source) -> pd.DataFrame:
    """Read a CSV file; the listed columns have their types, all others are text."""
    if "://" not in origin and not Path(origin).exists():
        raise StepFailed(f"source `{source.name}`: {source.path} does not exist", field(source))
    try:
        frame = read_csv(origin)
    except (OSError, ValueError, Warning) as error:
        raise StepFailed(f"source `{source.name}` is not a readable CSV file: {error}", field(source)) from error
    kinds = {column.name: column.type for column in source.columns}
    kinds |= dict.fromkeys(filter(None, (source.event_time, source.created_time)), "timestamp")
    for name in kinds.keys() & frame.columns:
        frame[name] = _column(frame[name], kinds[name], source)
    return frame


def _column(values: pd.Series[Any], kind: str, source: Source) -> pd.Series[Any]:
    name = str(values.name)
    try:
        return typed(values, kind, name).astype(COLUMN_TYPES[kind].pandas)
    except ColumnError as error:
        raise StepFailed(f"source `{source.name}`: {error}", field(source, f"columns.{name}")) from None


def _stamp(origin: str, source: Source) -> bytes:
    """Return the key of a copy: the file's size and time, and the types of its columns; empty for a URI."""
    if "://" in origin or not Path(origin).exists():
        return b""
    file = Path(origin).stat()
    kinds = [(column.name, column.type) for column in source.columns]
    facts = [file.st_size, file.st_mtime_ns, kinds, source.event_time, source.created_time]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest().encode()


def _stamp_of(copy: str) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        metadata: dict[bytes, bytes] = parquet.read_schema(copy).metadata or {}
    except (OSError, pa.ArrowException):
        return b""
    return metadata.get(_STAMP, b"")


def _write(frame: pd.DataFrame, copy: str, stamp: bytes) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    if "://" in copy:
        frame.to_parquet(copy, index=False)
        return
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with written_whole(Path(copy)) as partial:
        parquet.write_table(table.replace_schema_metadata({_STAMP: stamp}), partial)
