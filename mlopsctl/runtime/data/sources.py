"""Read the rows of a source: files directly, tables through the feature store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.features import Source
from mlopsctl.runtime.data.source_places import field, place
from mlopsctl.runtime.data.table_files import read_parquet
from mlopsctl.runtime.scoring.columns import ColumnError, cast
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

TableRows = Callable[[Source, list[str], datetime | None, datetime], "pd.DataFrame"]
"""Reads columns of a table source between two times."""


def read(
    step_context: StepContext,
    source: Source,
    columns: list[str],
    start: datetime | None,
    end: datetime,
    tables: TableRows,
) -> pd.DataFrame:
    """Read the rows whose event time is after `start` and not after `end`; StepFailed if a column is missing."""
    import pandas as pd

    rows = _from_file(step_context, source) if source.path is not None else tables(source, columns, start, end)
    needed = list(dict.fromkeys([*columns, source.event_time, *_created(source)]))
    lacking = [name for name in needed if name not in rows.columns]
    if lacking:
        raise StepFailed(
            f"source `{source.name}` has no column `{lacking[0]}`; its columns: {', '.join(map(str, rows.columns))}",
            field(source, f"columns.{lacking[0]}"),
        )
    rows = rows[needed].copy()
    for name in (source.event_time, *_created(source)):
        rows[name] = _moments(rows[name], source)
    undated = int(rows[source.event_time].isna().sum())
    if undated:
        message = f"{undated} rows of `{source.name}` have no `{source.event_time}` and are dropped"
        step_context.log.warn(message, rows=undated)
    within = rows[source.event_time] <= pd.Timestamp(end)
    if start is not None:
        within &= rows[source.event_time] > pd.Timestamp(start)
    return _in_order(rows[within], source)


def _created(source: Source) -> list[str]:
    return [source.created_time] if source.created_time else []


def _in_order(rows: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Sort rows by event time and created time: a correction comes last, an undated row first."""
    order = [source.event_time, *_created(source)]
    return rows.sort_values(order, kind="stable", ignore_index=True, na_position="first")


def _moments(values: pd.Series[Any], source: Source) -> pd.Series[Any]:
    which = "eventTime" if values.name == source.event_time else "createdTime"
    try:
        return cast(values, "timestamp", str(values.name), may_miss=True)
    except ColumnError as error:
        raise StepFailed(f"source `{source.name}`: {error}", field(source, which)) from None


def _from_file(step_context: StepContext, source: Source) -> pd.DataFrame:
    from mlopsctl.runtime.data import csv_sources

    origin = place(step_context, source)
    if source.type == "csv":
        return csv_sources.rows(origin, source)
    if "://" not in origin and not Path(origin).exists():
        raise StepFailed(f"source `{source.name}`: {source.path} does not exist", field(source))
    try:
        return read_parquet(origin)
    except (OSError, ValueError) as error:
        raise StepFailed(f"source `{source.name}` is not a readable Parquet file: {error}", field(source)) from error
