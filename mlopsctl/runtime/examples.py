"""Examples: the label source's rows with the features as they were at each row's time.

In: a stretch of time. Out: a frame of keys, event time, the model's inputs and the label, in one order for one content.
Features are joined back by key and time, since Feast drops duplicate rows and keeps no order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from mlopsctl.runtime import hopsworks, sources
from mlopsctl.runtime.artifacts import EVENT_TIME, INPUT, KEY, LABEL, TIME, Dataset, DatasetColumn, Schema
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.contracts import contract
from mlopsctl.runtime.served.columns import ColumnError, cast
from mlopsctl.runtime.served.contract import Contract
from mlopsctl.runtime.served.vectors import TransformError, column, vectors

if TYPE_CHECKING:
    import pandas as pd

FILE_STORE_ROWS = 5_000
"""Feast's file store joins in quadratic time and memory: seconds for this many rows, minutes for ten times as many."""
_LARGE = "duckdb"


def label_rows(call: Call, start: datetime | None, end: datetime) -> pd.DataFrame:
    """Read the label source's rows, each once, with keys, request fields, event time and label."""
    label, one = call.model.label, call.feature_set
    keys = [key.name for key in one.keys]
    names = [*keys, *(field.name for field in one.request), label.column]
    rows = sources.read(call, label.rows, list(dict.fromkeys(names)), start, end)
    if label.rows.created_time:
        rows = rows.drop_duplicates([*keys, label.event_time], keep="last")
    rows = rows.rename(columns={label.event_time: EVENT_TIME})
    rows = _with_keys(call, rows)
    return rows.sort_values([EVENT_TIME, *keys], kind="stable", ignore_index=True)


def _with_keys(call: Call, rows: pd.DataFrame) -> pd.DataFrame:
    """Give keys and request fields their types, and leave out rows that lack a key: nothing can be joined to them."""
    keys = call.feature_set.keys
    whole = rows.dropna(subset=[key.name for key in keys])
    if len(whole) < len(rows):
        left_out = len(rows) - len(whole)
        call.log.warn(f"{left_out} rows of `{call.model.label.source}` lack a key and are left out", rows=left_out)
    asked = {one.name: one.type for one in (*keys, *call.feature_set.request)}
    return whole.assign(**{name: _typed(call, whole[name], kind) for name, kind in asked.items()})


def _typed(call: Call, values: pd.Series[Any], kind: str) -> pd.Series[Any]:
    """Give a column of the label's rows its type."""
    name = str(values.name)
    try:
        return cast(values, kind, name, may_miss=False)
    except ColumnError as error:
        raise Broken(str(error), sources.field(call.model.label.rows, f"columns.{name}")) from None


def joined(call: Call, rows: pd.DataFrame) -> pd.DataFrame:
    """Return keys, event time and the model's inputs for each row, by the code that serves them."""
    made = contract(call)
    keys = [key.name for key in made.keys]
    found = historical(call, made, rows)
    try:
        inputs = vectors(made, found, rows)
    except ColumnError as error:
        raise Broken(str(error), f"spec.features.sets.{call.model.features}") from None
    except TransformError as error:
        raise Broken(str(error), "spec.features.transforms") from error
    return rows[[*(key for key in keys if key not in inputs), EVENT_TIME]].join(inputs)


def historical(call: Call, made: Contract, rows: pd.DataFrame) -> pd.DataFrame:
    """Join past values to each row's keys and time; one row for each, in the same order."""
    wanted = [f"{view.name}:{field.name}" for view in made.views for field in view.fields]
    if not wanted:
        return rows[[]]
    by = [*(key.name for key in made.keys), EVENT_TIME]
    given = [*by, *(one.name for one in made.request if one.name in rows and one.name not in by)]
    asked = rows[given].drop_duplicates(by, ignore_index=True)
    found = hopsworks.historical(call, made, asked) if hopsworks.chosen(call) else _asked(call, asked[by], wanted)
    found[EVENT_TIME] = found[EVENT_TIME].astype(rows[EVENT_TIME].dtype)
    names = [column(view.name, field.name) for view in made.views for field in view.fields]
    found = found.drop_duplicates(by)
    together = rows[by].merge(found[[*by, *names]], on=by, how="left", indicator=True)
    lost = int((together["_merge"] != "both").sum())
    if lost or len(together) != len(rows):
        raise Broken(f"the feature store gave no answer for {lost} of {len(rows)} rows")
    return together[names].set_axis(rows.index, axis=0)


def _asked(call: Call, asked: pd.DataFrame, wanted: Sequence[str]) -> pd.DataFrame:
    """Ask Feast's offline store."""
    from mlopsctl.runtime.feature_store import quiet, ready

    store = ready(call, _store_for(call, len(asked)))
    try:
        with quiet():
            found: pd.DataFrame = store.get_historical_features(asked, list(wanted), full_feature_names=True).to_df()
    except (OSError, KeyError, ValueError) as error:
        raise Broken(f"the feature store could not join: {_first_line(error)}", "spec.data.sources") from error
    return found


def _store_for(call: Call, rows: int) -> str | None:
    """Choose the offline store: another than the project's only where files are joined that it is too slow for."""
    kind = call.blueprint.engines.features.settings["offline"]["type"]
    if kind != "file" or rows <= FILE_STORE_ROWS:
        return None
    if find_spec(_LARGE) and find_spec("ibis"):
        call.log.say(f"{rows} rows are joined by {_LARGE}: Feast's file store would take minutes", store=_LARGE)
        return _LARGE
    call.log.warn(f"{rows} rows are many for Feast's file store; `feast[{_LARGE}]` joins them in seconds", rows=rows)
    return None


def dataset(call: Call, rows: pd.DataFrame, label: pd.Series[Any]) -> Dataset:
    """Put joined rows and their label together, and say what each column is."""
    one, model = call.feature_set, call.model
    inputs = {f.name: f.type for f in one.fields} | {f.name: f.type for f in one.request}
    columns = (
        *(DatasetColumn(key.name, key.type, KEY) for key in one.keys if key.name not in inputs),
        DatasetColumn(EVENT_TIME, "timestamp", TIME),
        *(DatasetColumn(name, kind, INPUT) for name, kind in inputs.items()),
        DatasetColumn(model.label.column, model.label.type, LABEL),
    )
    whole = rows.assign(**{model.label.column: label})[[one.name for one in columns]]
    return Dataset(whole, Schema(columns, len(whole), call.now.isoformat()))


def label_values(call: Call, rows: pd.DataFrame) -> pd.Series[Any]:
    """Return the label with its type; truths are 0 and 1, as every library's metrics want them."""
    label = call.model.label
    try:
        return cast(rows[label.column], label.type, label.column, may_miss=False)
    except ColumnError as error:
        raise Broken(str(error), f"spec.data.labels.{label.name}") from None


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
