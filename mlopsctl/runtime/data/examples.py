"""Build training examples: the label source's rows, joined with the features as of each row's time.

Features are matched by key and time, because Feast drops duplicate rows and does not keep the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.runtime.backends.feature_store import FeatureStore
from mlopsctl.runtime.data import sources
from mlopsctl.runtime.data.artifacts import INPUT, KEY, LABEL, REQUEST, TIME, Dataset, DatasetColumn, Schema
from mlopsctl.runtime.data.source_places import field
from mlopsctl.runtime.model.contracts import contract
from mlopsctl.runtime.scoring.columns import ColumnError, cast
from mlopsctl.runtime.scoring.contract import Contract
from mlopsctl.runtime.scoring.vectors import TransformError, column, vectors
from mlopsctl.runtime.step_context import GateRejected, StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd


def label_rows(
    step_context: StepContext, store: FeatureStore, start: datetime | None, end: datetime, *, strict: bool = False
) -> pd.DataFrame:
    """Read the label source's rows, each once, with keys, request fields, event time and label.

    Rows without a key are dropped. If `strict`, they are an error if the key's column has `nullable: false`.
    """
    label, feature_set = step_context.model.label, step_context.feature_set
    keys = [key.name for key in feature_set.keys]
    names = [*keys, *(field.name for field in feature_set.request), label.column]
    rows = sources.read(step_context, label.rows, list(dict.fromkeys(names)), start, end, store.rows)
    if label.rows.created_time:
        rows = rows.drop_duplicates([*keys, label.event_time], keep="last")
    rows = rows.rename(columns={label.event_time: EVENT_TIME})
    if strict:
        refuse_missing(step_context, rows, keys)
    rows = _with_keys(step_context, rows)
    return rows.sort_values([EVENT_TIME, *keys], kind="stable", ignore_index=True)


def refuse_missing(step_context: StepContext, rows: pd.DataFrame, names: Sequence[str]) -> None:
    """Reject rows without a value in a column of the label's source with `nullable: false`."""
    source = step_context.model.label.rows
    for name in [
        label_column.name for label_column in source.columns if label_column.name in names and not label_column.nullable
    ]:
        count = int(rows[name].isna().sum())
        if count:
            where = field(source, f"columns.{name}.nullable")
            raise GateRejected(
                f"{count} of {len(rows)} rows of `{source.name}` have no `{name}`, which violates {where}: false"
            )


def _with_keys(step_context: StepContext, rows: pd.DataFrame) -> pd.DataFrame:
    """Convert keys and request fields to their types, and drop rows without a key, which cannot be joined."""
    keys = step_context.feature_set.keys
    complete = rows.dropna(subset=[key.name for key in keys])
    if len(complete) < len(rows):
        left_out = len(rows) - len(complete)
        step_context.log.warn(
            f"{left_out} rows of `{step_context.model.label.source}` have no key and are dropped", rows=left_out
        )
    feature_set = step_context.feature_set
    kinds = {field.name: (field.type, field.name in feature_set.nullable) for field in (*keys, *feature_set.request)}
    return complete.assign(**{name: _typed(step_context, complete[name], *kind) for name, kind in kinds.items()})


def _typed(step_context: StepContext, values: pd.Series[Any], kind: str, may_miss: bool) -> pd.Series[Any]:
    """Convert a column of the label's rows to its type."""
    name = str(values.name)
    try:
        return cast(values, kind, name, may_miss=may_miss)
    except ColumnError as error:
        raise StepFailed(str(error), field(step_context.model.label.rows, f"columns.{name}")) from None


def joined(step_context: StepContext, store: FeatureStore, rows: pd.DataFrame) -> pd.DataFrame:
    """Return keys, event time and the model's inputs for each row, with the scoring code."""
    model_contract = contract(step_context)
    keys = [key.name for key in model_contract.keys]
    features = historical(store, model_contract, rows)
    try:
        inputs = vectors(model_contract, features, rows)
    except ColumnError as error:
        raise StepFailed(str(error), f"spec.features.sets.{step_context.model.features}") from None
    except TransformError as error:
        raise StepFailed(str(error), "spec.features.transforms") from error
    extra = dict.fromkeys([*keys, *step_context.feature_set.transform_only])
    return rows[[*(name for name in extra if name not in inputs), EVENT_TIME]].join(inputs)


def historical(store: FeatureStore, model_contract: Contract, rows: pd.DataFrame) -> pd.DataFrame:
    """Join past values to each row's keys and time; one row for each, in the same order."""
    if not any(view.fields for view in model_contract.views):
        return rows[[]]
    join_keys = [*(key.name for key in model_contract.keys), EVENT_TIME]
    columns = [
        *join_keys,
        *(
            request_column.name
            for request_column in model_contract.request
            if request_column.name in rows and request_column.name not in join_keys
        ),
    ]
    spine = rows[columns].drop_duplicates(join_keys, ignore_index=True)
    features = store.historical(model_contract, spine)
    features[EVENT_TIME] = features[EVENT_TIME].astype(rows[EVENT_TIME].dtype)
    names = [column(view.name, field.name) for view in model_contract.views for field in view.fields]
    features = features.drop_duplicates(join_keys)
    together = rows[join_keys].merge(features[[*join_keys, *names]], on=join_keys, how="left", indicator=True)
    lost = int((together["_merge"] != "both").sum())
    if lost or len(together) != len(rows):
        raise StepFailed(f"the feature store returned no row for {lost} of {len(rows)} rows")
    return together[names].set_axis(rows.index, axis=0)


def dataset(step_context: StepContext, rows: pd.DataFrame, label: pd.Series[Any]) -> Dataset:
    """Combine joined rows and their label into a data set with column roles."""
    feature_set, model = step_context.feature_set, step_context.model
    inputs = {f.name: f.type for f in feature_set.fields} | {f.name: f.type for f in feature_set.model_request}
    keys = [key.name for key in feature_set.keys]
    read = [f for f in feature_set.request if f.name in feature_set.transform_only and f.name not in (*keys, *inputs)]
    columns = (
        *(DatasetColumn(key.name, key.type, KEY) for key in feature_set.keys if key.name not in inputs),
        DatasetColumn(EVENT_TIME, "timestamp", TIME),
        *(DatasetColumn(field.name, field.type, REQUEST) for field in read),
        *(DatasetColumn(name, kind, INPUT) for name, kind in inputs.items()),
        DatasetColumn(model.label.column, model.label.type, LABEL),
    )
    complete = rows.assign(**{model.label.column: label})[[dataset_column.name for dataset_column in columns]]
    return Dataset(complete, Schema(columns, len(complete), step_context.now.isoformat()))


def label_values(step_context: StepContext, rows: pd.DataFrame) -> pd.Series[Any]:
    """Return the label with its type; booleans are 0 and 1, as libraries require for metrics."""
    label = step_context.model.label
    try:
        return cast(rows[label.column], label.type, label.column, may_miss=False)
    except ColumnError as error:
        raise StepFailed(str(error), f"spec.data.labels.{label.name}") from None
