"""Register, fill and read the environment's feature project in Hopsworks, through its client.

The steps insert rows of files; Hopsworks reads tables itself. Existing objects are never changed: a group that
differs from the spec is an error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.features import LookupView, Source, View
from mlopsctl.blueprint.model.training import EVENT_TIME
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.engines.hopsworks.names import API_KEY, FILES, VERSION, rows_group
from mlopsctl.runtime.data import sources
from mlopsctl.runtime.data.source_places import field
from mlopsctl.runtime.failures import sentence
from mlopsctl.runtime.log import quiet
from mlopsctl.runtime.scoring.columns import ColumnError, cast
from mlopsctl.runtime.scoring.contract import Contract
from mlopsctl.runtime.scoring.vectors import column
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

ENTRY = "feature_store"
_PORT = 443
_SPINE_ROWS = 1_000_000
"""The number of rows per join of the client."""
_MOMENT = timedelta(seconds=1)


class Hopsworks:
    """The feature project in Hopsworks."""

    def __init__(self, step_context: StepContext) -> None:
        self._context = step_context

    def rows(self, source: Source, columns: list[str], start: datetime | None, end: datetime) -> pd.DataFrame:
        """Read a table through its external feature group."""
        return rows(self._context, source, columns, start, end)

    def historical(self, contract: Contract, rows: pd.DataFrame) -> pd.DataFrame:
        """Join past values with the set's feature view."""
        return historical(self._context, contract, rows)

    def materialize(self, views: Sequence[View], mode: str) -> dict[str, datetime | None]:
        """Create missing objects, then insert each view's newest rows."""
        store = applied(self._context)
        return {view.name: load(self._context, store, view, mode) for view in views}

    def newest(self, views: Sequence[LookupView]) -> Iterator[tuple[LookupView, datetime | None]]:
        """Query each view's feature group."""
        store = opened(self._context)
        yield from ((view, newest(self._context, store, view)) for view in views)


def opened(step_context: StepContext) -> Any:
    """Log in, and return the project's feature store."""
    import hopsworks

    host, _, port = (step_context.blueprint.engines.features.settings["host"] or "").partition(":")
    with quiet():
        project = hopsworks.login(
            host=host or None,
            port=int(port or _PORT),
            project=step_context.definitions.project,
            api_key_value=step_context.environ.get(API_KEY),
            hostname_verification=True,
            cert_folder=str(step_context.work / "certificates"),
            engine="python",
        )
        return project.get_feature_store()


def applied(step_context: StepContext) -> Any:
    """Create the missing objects of the modules' definitions, and return the store."""
    if not (step_context.features / f"{ENTRY}.py").is_file():
        raise StepFailed(
            f"{step_context.features} has no {ENTRY}.py; pass the rendered feature project with --features DIR"
        )
    store = opened(step_context)
    with quiet(), _modules(step_context):
        import_module(ENTRY).apply(store)
    step_context.log.say(f"feature project `{step_context.definitions.project}` is registered")
    return store


@contextmanager
def _modules(step_context: StepContext) -> Iterator[None]:
    """Import from the project while it is applied, write nothing there, and restore the import state."""
    folder, writes = str(step_context.features), sys.dont_write_bytecode
    names = [file.stem for file in step_context.features.glob("*.py")]
    shadowed = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes
        sys.path.remove(folder)
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(shadowed)


def load(step_context: StepContext, store: Any, view: View, mode: str) -> datetime | None:
    """Insert a view's newest rows; return the event time of its newest row."""
    source = next(candidate for candidate in step_context.definitions.sources if candidate.name == view.source)
    group = _group(store, view, _columns(step_context, view))
    start = _start(step_context, group, view, source, mode)
    newest_rows = sources.read(
        step_context,
        source,
        [view.key, *(field.name for field in view.fields)],
        start,
        step_context.now,
        Hopsworks(step_context).rows,
    )
    if newest_rows.empty:
        step_context.log.say(f"view `{view.name}` is up to date", view=view.name)
        return newest(step_context, store, view)
    # External tables have no offline rows to insert, and only rows within the ttl are inserted online.
    if view.online or source.type in FILES:
        with quiet():
            group.insert(_typed(step_context, view, source, newest_rows), wait=True)
    since = start.isoformat() if start else "the beginning"
    step_context.log.say(f"view `{view.name}`: {len(newest_rows)} rows since {since} loaded", view=view.name, mode=mode)
    latest: datetime = newest_rows[source.event_time].max().to_pydatetime()
    return latest


def _start(step_context: StepContext, group: Any, view: View, source: Source, mode: str) -> datetime | None:
    """Return the start of the rows to insert: None for all rows, because training joins past rows.

    An increment starts before the newest row by the source's lateness; Hopsworks stores each row once.
    """
    if source.type not in FILES:
        return step_context.now - timedelta(seconds=view.ttl)
    newest = None if mode == "full" else _newest(step_context, group, view.ttl)
    return newest - timedelta(seconds=source.reach) if newest else None


def newest(step_context: StepContext, store: Any, view: View | LookupView) -> datetime | None:
    """Return the event time of a view's newest row; None if none is younger than its ttl."""
    return _newest(step_context, _group(store, view, {}), view.ttl)


def _newest(step_context: StepContext, group: Any, ttl_s: int) -> datetime | None:
    name = group.event_time
    with quiet():
        times_frame = group.select([name]).read(
            start_time=step_context.now - timedelta(seconds=ttl_s), end_time=step_context.now + _MOMENT
        )
    times = cast(times_frame[name], "timestamp", name, may_miss=False)
    times = times[times <= step_context.now]
    if times.empty:
        return None
    moment: datetime = times.max().to_pydatetime()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _columns(step_context: StepContext, view: View) -> dict[str, str]:
    """Return the type of each column of a view, except times."""
    key = next(entity.type for entity in step_context.definitions.entities if entity.name == view.entity)
    return {view.key: key, **{field.name: field.type for field in view.fields}}


def _group(store: Any, view: View | LookupView, columns: Mapping[str, str]) -> Any:
    """Find a view's group; StepFailed if it does not exist or has other columns."""
    path = f"spec.features.views.{view.name}"
    group = store.get_feature_group(name=view.name, version=VERSION)
    if group is None:
        raise StepFailed(f"Hopsworks has no feature group `{view.name}`: materialise its system first", path)
    group_types = {feature.name: feature.type for feature in group.features}
    for name, kind in columns.items():
        if group_types.get(name) != COLUMN_TYPES[kind].hopsworks:
            has = f"has it as {group_types[name]}" if name in group_types else "has none"
            message = (
                f"feature `{name}` must be {COLUMN_TYPES[kind].hopsworks}, but group `{view.name}` {has}: Hopsworks "
                "does not change groups; add the feature to it, or delete the group so that the step creates it again"
            )
            raise StepFailed(message, f"{path}.fields")
    return group


def _typed(step_context: StepContext, view: View, source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """Convert each column to its type, and of two rows with one time keep the one written later."""
    typed_rows = frame.drop_duplicates([view.key, source.event_time], keep="last", ignore_index=True)
    kinds = {**_columns(step_context, view), **dict.fromkeys(filter(None, (source.created_time,)), "timestamp")}
    for name, kind in kinds.items():
        try:
            values = cast(typed_rows[name], kind, name, may_miss=name != view.key)
        except ColumnError as error:
            raise StepFailed(f"source `{source.name}`: {error}", field(source, f"columns.{name}")) from None
        typed_rows[name] = values.astype(COLUMN_TYPES[kind].pandas)
    return typed_rows


def rows(
    step_context: StepContext, source: Source, columns: list[str], start: datetime | None, end: datetime
) -> pd.DataFrame:
    """Read a table through its external feature group."""
    view = next((view for view in step_context.definitions.views if view.source == source.name), None)
    name = (
        view.name
        if view and set(columns) <= set(_columns(step_context, view))
        else rows_group(step_context.model.features)
    )
    store = opened(step_context)
    group = store.get_feature_group(name=name, version=VERSION) or applied(step_context).get_feature_group(
        name, VERSION
    )
    times = [source.event_time, *([source.created_time] if source.created_time else [])]
    with quiet():
        frame: pd.DataFrame = group.select(list(dict.fromkeys([*columns, *times]))).read(
            start_time=start, end_time=end + _MOMENT
        )
    return frame


def historical(step_context: StepContext, contract: Contract, spine_rows: pd.DataFrame) -> pd.DataFrame:
    """Join past features to rows of keys, event time and request fields, with the set's feature view."""
    import pandas as pd

    store = applied(step_context)
    feature_set = step_context.feature_set
    view = store.get_feature_view(name=feature_set.name, version=VERSION)
    names = {field.name: column(lookup.name, field.name) for lookup in contract.views for field in lookup.fields}
    lacking = sorted(set(names) - {feature.name for feature in view.features})
    if lacking:
        message = (
            f"feature view `{feature_set.name}` has no `{lacking[0]}`: delete it in Hopsworks; the step creates it anew"
        )
        raise StepFailed(message, f"spec.features.sets.{feature_set.name}")
    spine = spine_rows.rename(columns={EVENT_TIME: step_context.model.label.event_time})
    parts = [spine.iloc[at : at + _SPINE_ROWS] for at in range(0, len(spine), _SPINE_ROWS)]
    try:
        with quiet():
            # Rows are returned in the given order, so keys and times are not compared.
            joined_parts = [
                view.get_batch_data(spine_df=part, primary_key=False, event_time=False, transformed=False)
                for part in parts
            ]
    except Exception as error:
        raise StepFailed(
            f"the point-in-time join failed in Hopsworks: {sentence(error)}", f"spec.features.sets.{feature_set.name}"
        ) from error
    joined = pd.concat(joined_parts, ignore_index=True)[[*names]].rename(columns=names)
    if len(joined) != len(spine_rows):
        raise StepFailed(f"Hopsworks returned {len(joined)} rows for {len(spine_rows)} keys")
    return spine_rows[[*(key.name for key in contract.keys), EVENT_TIME]].reset_index(drop=True).join(joined)
