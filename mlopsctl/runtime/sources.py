"""The rows of a source: files read as they are, everything else through the feature store's offline store.

In: a source of the Blueprint. Out: a frame with the columns asked for, event times in UTC. CSV files are read by their
columns' types, and kept as Parquet beside them, since no offline store reads CSV.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model import Source
from mlopsctl.catalogue.feature_stores import parquet_copy
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.served.columns import ColumnError, cast

if TYPE_CHECKING:
    import pandas as pd

_CONTRIB = "feast.infra.offline_stores.contrib"
_CLASSES: Mapping[str, tuple[str, str]] = {
    "bigquery": ("feast", "BigQuerySource"),
    "snowflake": ("feast", "SnowflakeSource"),
    "redshift": ("feast", "RedshiftSource"),
    "postgres": (f"{_CONTRIB}.postgres_offline_store.postgres_source", "PostgreSQLSource"),
    "spark": (f"{_CONTRIB}.spark_offline_store.spark_source", "SparkSource"),
    "trino": (f"{_CONTRIB}.trino_offline_store.trino_source", "TrinoSource"),
}
_TABLE_PARTS = ("table", "schema", "database")


def place(call: Call, source: Source, path: str | None = None) -> str:
    """Return where a file is: a URI as it is, a relative path from the root."""
    path = path or source.path or ""
    return path if "://" in path else str(call.root / path)


def field(source: Source, what: str = "path") -> str:
    """Name the part of the spec that a source's fault is in."""
    return f"spec.data.sources.{source.name}.{what}"


def copy_csv(call: Call, sources: Iterable[Source]) -> None:
    """Keep the Parquet copies of CSV files as new as the files."""
    for source in sources:
        if source.type != "csv" or source.path is None:
            continue
        origin, copy = place(call, source), place(call, source, parquet_copy(source.path))
        if _is_newer(origin, copy):
            rows = _typed(_read_csv(origin, source), source)
            _write_copy(rows, copy)
            call.log.say(f"{source.path} is copied as Parquet, which the offline store reads", rows=len(rows))


def _is_newer(origin: str, copy: str) -> bool:
    if "://" in origin:
        return True
    there = Path(copy)
    return not there.exists() or not Path(origin).exists() or there.stat().st_mtime < Path(origin).stat().st_mtime


def _write_copy(rows: pd.DataFrame, copy: str) -> None:
    if "://" in copy:
        rows.to_parquet(copy, index=False)
        return
    partial = Path(f"{copy}.partial-{os.getpid()}")
    rows.to_parquet(partial, index=False)
    partial.replace(copy)


def read(call: Call, source: Source, columns: list[str], start: datetime | None, end: datetime) -> pd.DataFrame:
    """Read the rows whose event time is after `start` and not after `end`; Broken where a column is not there."""
    import pandas as pd

    rows = _from_file(call, source) if source.path is not None else _from_store(call, source, columns, start, end)
    wanted = list(dict.fromkeys([*columns, source.event_time, *_created(source)]))
    lacking = [name for name in wanted if name not in rows.columns]
    if lacking:
        raise Broken(
            f"source `{source.name}` has no column `{lacking[0]}`; it has {', '.join(map(str, rows.columns))}",
            field(source, f"columns.{lacking[0]}"),
        )
    rows = rows[wanted].copy()
    rows[source.event_time] = _moments(rows[source.event_time], source)
    within = rows[source.event_time] <= pd.Timestamp(end)
    if start is not None:
        within &= rows[source.event_time] > pd.Timestamp(start)
    return _in_order(rows[within], source)


def _created(source: Source) -> list[str]:
    return [source.created_time] if source.created_time else []


def _in_order(rows: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Sort rows by event time and by when they were written, so that a correction comes last."""
    order = [source.event_time, *_created(source)]
    return rows.sort_values(order, kind="stable", ignore_index=True)


def _moments(values: pd.Series[Any], source: Source) -> pd.Series[Any]:
    try:
        return cast(values, "timestamp", source.event_time, may_miss=False)
    except ColumnError as error:
        raise Broken(str(error), field(source, "eventTime")) from None


def _from_file(call: Call, source: Source) -> pd.DataFrame:
    import pandas as pd

    origin = place(call, source)
    if "://" not in origin and not Path(origin).exists():
        raise Broken(f"source `{source.name}`: there is nothing at {source.path}", field(source))
    if source.type == "csv":
        return _typed(_read_csv(origin, source), source)
    try:
        return pd.read_parquet(origin)
    except (OSError, ValueError) as error:
        raise Broken(f"source `{source.name}` is not Parquet that can be read: {error}", field(source)) from error


def _read_csv(origin: str, source: Source) -> pd.DataFrame:
    import pandas as pd

    texts = {column.name: "string" for column in source.columns if column.type == "string"}
    try:
        return pd.read_csv(origin, dtype=texts)
    except (OSError, ValueError) as error:
        raise Broken(f"source `{source.name}` is not CSV that can be read: {error}", field(source)) from error


def _typed(rows: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Give the listed columns of a CSV file their types."""
    times = [source.event_time, *_created(source)]
    for name in times:
        if name in rows.columns:
            rows[name] = _moments(rows[name], source)
    for column in source.columns:
        if column.name in rows.columns and column.name not in times:
            try:
                values = cast(rows[column.name], column.type, column.name, may_miss=column.nullable)
            except ColumnError as error:
                raise Broken(f"source `{source.name}`: {error}", field(source, f"columns.{column.name}")) from None
            rows[column.name] = values.astype(COLUMN_TYPES[column.type].pandas)
    return rows


def _from_store(call: Call, source: Source, columns: list[str], start: datetime | None, end: datetime) -> pd.DataFrame:
    """Ask the offline store, which holds the warehouse's connection."""
    from mlopsctl.runtime import hopsworks
    from mlopsctl.runtime.feature_store import opened

    if hopsworks.chosen(call):
        return hopsworks.rows(call, source, columns, start, end)
    store = opened(call)
    provider = store._get_provider()
    job = provider.offline_store.pull_all_from_table_or_query(
        config=store.config,
        data_source=data_source(source),
        join_key_columns=[],
        feature_name_columns=columns,
        timestamp_field=source.event_time,
        created_timestamp_column=source.created_time,
        start_date=start,
        end_date=end,
    )
    frame: pd.DataFrame = job.to_df()
    return frame


def data_source(source: Source) -> Any:
    """Return Feast's own object for a source that is not a file."""
    from importlib import import_module

    module, name = _CLASSES[source.type]
    rows: dict[str, Any]
    if source.query is not None:
        rows = {"query": f"({source.query})" if source.type == "trino" else source.query}
    elif source.type in ("snowflake", "redshift"):
        rows = dict(zip(_TABLE_PARTS, reversed((source.table or "").split(".")), strict=False))
    else:
        rows = {"table": source.table}
    if source.warehouse:
        rows["warehouse"] = source.warehouse
    return getattr(import_module(module), name)(name=source.name, timestamp_field=source.event_time, **rows)
