"""How new the features are: the event time of the newest row that a view has.

In: an opened store and a view's name. Out: a moment, or None where no row is younger than the view's ttl.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from mlopsctl.runtime.call import Call


def newest(call: Call, store: Any, view: str, fields: Sequence[str], ttl: int) -> datetime | None:
    """Ask the offline store for the latest rows of the view, which are the ones it hands to the online store."""
    defined = store.get_feature_view(view)
    source = defined.batch_source
    keys = [column.name for column in defined.entity_columns]
    job = store._get_provider().offline_store.pull_latest_from_table_or_query(
        config=store.config,
        data_source=source,
        join_key_columns=keys,
        feature_name_columns=list(fields),
        timestamp_field=source.timestamp_field,
        created_timestamp_column=source.created_timestamp_column or None,
        start_date=call.now - timedelta(seconds=ttl),
        end_date=call.now,
    )
    times = job.to_df()[source.timestamp_field]
    if times.empty:
        return None
    moment: datetime = times.max().to_pydatetime()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
