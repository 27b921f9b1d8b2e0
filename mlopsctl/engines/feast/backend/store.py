"""Feast as the feature store: its offline stores join and read tables; the steps join files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.features import LookupView, Source, View
from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.engines.feast.backend import tables
from mlopsctl.engines.feast.backend.materialization import load
from mlopsctl.engines.feast.backend.project import applied, ready
from mlopsctl.runtime.data import feature_files
from mlopsctl.runtime.data.freshness import latest_rows, newest
from mlopsctl.runtime.log import quiet
from mlopsctl.runtime.scoring.contract import Contract
from mlopsctl.runtime.scoring.vectors import column
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd


class Feast:
    """The feature project in Feast."""

    def __init__(self, step_context: StepContext) -> None:
        self._context = step_context

    def rows(self, source: Source, columns: list[str], start: datetime | None, end: datetime) -> pd.DataFrame:
        """Read a table through the offline store, which has the warehouse's connection."""
        return tables.rows(self._context, source, columns, start, end)

    def historical(self, contract: Contract, rows: pd.DataFrame) -> pd.DataFrame:
        """Join past values to keys and event times."""
        store, keys_and_times = ready(self._context), rows[[*(key.name for key in contract.keys), EVENT_TIME]]
        if feature_files.in_files(self._context):
            return _from_files(self._context, store, contract, keys_and_times)
        return _from_feast(
            store, keys_and_times, [f"{view.name}:{field.name}" for view in contract.views for field in view.fields]
        )

    def materialize(self, views: Sequence[View], mode: str) -> dict[str, datetime | None]:
        """Register the project, then load each view into the online store."""
        store = applied(self._context, [view.name for view in views])
        return {view.name: load(self._context, store, view, mode) for view in views}

    def newest(self, views: Sequence[LookupView]) -> Iterator[tuple[LookupView, datetime | None]]:
        """Query the online store, or the source for a view that is not online."""
        context, store = self._context, ready(self._context)
        for view in views:
            defined = store.get_feature_view(view.name)
            rows = latest_rows(context, defined, view.key_type, view.ttl, store)
            yield view, newest(context, store, defined, rows)


def _from_files(step_context: StepContext, store: Any, contract: Contract, spine: pd.DataFrame) -> pd.DataFrame:
    """Join the rows of each view's file."""
    kinds = {key.name: key.type for key in contract.keys}
    features = spine
    for view in contract.views:
        file = feature_files.feature_file(step_context, store.get_feature_view(view.name), kinds[view.key])
        names = [field.name for field in view.fields]
        values = feature_files.as_of(file, spine[view.key], spine[EVENT_TIME], names, view.ttl).to_pandas()
        features = features.join(values.set_axis([column(view.name, name) for name in names], axis=1))
    return features


def _from_feast(store: Any, spine: pd.DataFrame, references: Sequence[str]) -> pd.DataFrame:
    """Query Feast's offline store."""
    try:
        with quiet():
            features: pd.DataFrame = store.get_historical_features(
                spine, list(references), full_feature_names=True
            ).to_df()
    except (OSError, KeyError, ValueError) as error:
        raise StepFailed(
            f"the point-in-time join failed in the feature store: {_first_line(error)}", "spec.data.sources"
        ) from error
    return features


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
