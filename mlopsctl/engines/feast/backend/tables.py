"""Read the rows of a table through Feast's offline store, which has the warehouse's connection."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.features import Source
from mlopsctl.engines.feast.backend.project import opened
from mlopsctl.engines.feast.stores import SOURCE_CLASSES, TABLE_PARTS
from mlopsctl.runtime.step_context import StepContext

if TYPE_CHECKING:
    import pandas as pd


def rows(
    step_context: StepContext, source: Source, columns: list[str], start: datetime | None, end: datetime
) -> pd.DataFrame:
    """Read the rows of a table, as Feast reads them for a join."""
    store = opened(step_context)
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

    module, name = SOURCE_CLASSES[source.type]
    rows: dict[str, Any]
    if source.query is not None:
        rows = {"query": f"({source.query})" if source.type == "trino" else source.query}
    elif source.type in ("snowflake", "redshift"):
        rows = dict(zip(TABLE_PARTS, reversed((source.table or "").split(".")), strict=False))
    else:
        rows = {"table": source.table}
    if source.warehouse:
        rows["warehouse"] = source.warehouse
    return getattr(import_module(module), name)(name=source.name, timestamp_field=source.event_time, **rows)
