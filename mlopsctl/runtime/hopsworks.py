"""Hopsworks: the environment's feature project, registered, filled and asked through its own client.

In: the rendered modules. Out: frames and moments. Rows of files are inserted by these steps; tables are read by
Hopsworks itself. What is there already is never changed: a group that differs from the spec is told.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model import LookupView, Source, View
from mlopsctl.catalogue.hopsworks import API_KEY, FILES, VERSION, rows_group
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.runtime import sources
from mlopsctl.runtime.artifacts import EVENT_TIME
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.failures import sentence
from mlopsctl.runtime.feature_store import quiet
from mlopsctl.runtime.gauges import NOTHING
from mlopsctl.runtime.served.columns import ColumnError, cast
from mlopsctl.runtime.served.contract import Contract
from mlopsctl.runtime.served.vectors import column

if TYPE_CHECKING:
    import pandas as pd

ENGINE, ENTRY = "hopsworks", "feature_store"
_PORT = 443
_SPINE_ROWS = 1_000_000
"""So many rows the client joins at once."""
_MOMENT = timedelta(seconds=1)


def chosen(call: Call) -> bool:
    """Tell whether Hopsworks keeps this environment's features."""
    return call.blueprint.engines.features.name == ENGINE


def opened(call: Call) -> Any:
    """Log in, and return the project's feature store."""
    import hopsworks

    host, _, port = (call.blueprint.engines.features.settings["host"] or "").partition(":")
    with quiet():
        project = hopsworks.login(
            host=host or None,
            port=int(port or _PORT),
            project=call.definitions.project,
            api_key_value=call.environ.get(API_KEY),
            hostname_verification=True,
            cert_folder=str(call.work / "certificates"),
            engine="python",
        )
        return project.get_feature_store()


def applied(call: Call) -> Any:
    """Create what the modules define and is not there yet, and return the store."""
    if not (call.features / f"{ENTRY}.py").is_file():
        raise Broken(f"{call.features} has no {ENTRY}.py; name the rendered feature project with --features DIR")
    store = opened(call)
    with quiet(), _modules(call):
        import_module(ENTRY).apply(store)
    call.log.say(f"feature project `{call.definitions.project}` is registered")
    return store


@contextmanager
def _modules(call: Call) -> Iterator[None]:
    """Import from the project for as long as it is applied, write nothing there, and leave what it was."""
    folder, writes = str(call.features), sys.dont_write_bytecode
    names = [file.stem for file in call.features.glob("*.py")]
    others = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes
        sys.path.remove(folder)
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(others)


def load(call: Call, store: Any, view: View, mode: str) -> str:
    """Insert a view's newest rows; return the event time of the newest there is, in Unix seconds."""
    source = next(one for one in call.definitions.sources if one.name == view.source)
    group = _group(store, view, _columns(call, view))
    start = _start(call, group, view, source, mode)
    found = sources.read(call, source, [view.key, *(field.name for field in view.fields)], start, call.now)
    if found.empty:
        call.log.say(f"view `{view.name}` is loaded already", view=view.name)
        return _text(newest(call, store, view))
    # What Hopsworks reads itself has no offline rows to insert; its online ones are as many as live there.
    if view.online or source.type in FILES:
        with quiet():
            group.insert(_typed(call, view, source, found), wait=True)
    since = start.isoformat() if start else "the beginning"
    call.log.say(f"view `{view.name}` is loaded from {since} on: {len(found)} rows", view=view.name, mode=mode)
    return _text(found[source.event_time].max().to_pydatetime())


def _text(moment: datetime | None) -> str:
    return NOTHING if moment is None else f"{moment.timestamp():.0f}"


def _start(call: Call, group: Any, view: View, source: Source, mode: str) -> datetime | None:
    """Return when the rows to insert begin: None for all there are, since training joins past rows."""
    if source.type not in FILES:
        return call.now - timedelta(seconds=view.ttl)
    return None if mode == "full" else _newest(call, group, view.ttl)


def newest(call: Call, store: Any, view: View | LookupView) -> datetime | None:
    """Return the event time of a view's newest row; None where none is younger than its ttl."""
    return _newest(call, _group(store, view, {}), view.ttl)


def _newest(call: Call, group: Any, ttl: int) -> datetime | None:
    name = group.event_time
    with quiet():
        found = group.select([name]).read(start_time=call.now - timedelta(seconds=ttl), end_time=call.now + _MOMENT)
    times = cast(found[name], "timestamp", name, may_miss=False)
    times = times[times <= call.now]
    if times.empty:
        return None
    moment: datetime = times.max().to_pydatetime()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _columns(call: Call, view: View) -> dict[str, str]:
    """Return the type of each column of a view but its times."""
    key = next(one.type for one in call.definitions.entities if one.name == view.entity)
    return {view.key: key, **{field.name: field.type for field in view.fields}}


def _group(store: Any, view: View | LookupView, wanted: Mapping[str, str]) -> Any:
    """Find a view's group; Broken where it is not there, or was made of other columns."""
    path = f"spec.features.views.{view.name}"
    group = store.get_feature_group(name=view.name, version=VERSION)
    if group is None:
        raise Broken(f"Hopsworks has no feature group `{view.name}`: its system has to be materialised first", path)
    there = {one.name: one.type for one in group.features}
    for name, kind in wanted.items():
        if there.get(name) != COLUMN_TYPES[kind].hopsworks:
            has = f"has it as {there[name]}" if name in there else "has none"
            message = (
                f"feature `{name}` should be {COLUMN_TYPES[kind].hopsworks}, and group `{view.name}` {has}: Hopsworks "
                "changes no group; add the feature to it there, or delete the group and let it be made anew"
            )
            raise Broken(message, f"{path}.fields")
    return group


def _typed(call: Call, view: View, source: Source, found: pd.DataFrame) -> pd.DataFrame:
    """Give each column its type, and keep of two rows for one moment the one written later."""
    made = found.drop_duplicates([view.key, source.event_time], keep="last", ignore_index=True)
    kinds = {**_columns(call, view), **dict.fromkeys(filter(None, (source.created_time,)), "timestamp")}
    for name, kind in kinds.items():
        try:
            values = cast(made[name], kind, name, may_miss=name != view.key)
        except ColumnError as error:
            raise Broken(f"source `{source.name}`: {error}", sources.field(source, f"columns.{name}")) from None
        made[name] = values.astype(COLUMN_TYPES[kind].pandas)
    return made


def rows(call: Call, source: Source, columns: list[str], start: datetime | None, end: datetime) -> pd.DataFrame:
    """Read a table through the group that Hopsworks has of it."""
    view = next((one for one in call.definitions.views if one.source == source.name), None)
    name = view.name if view and set(columns) <= set(_columns(call, view)) else rows_group(call.model.features)
    store = opened(call)
    group = store.get_feature_group(name=name, version=VERSION) or applied(call).get_feature_group(name, VERSION)
    times = [source.event_time, *([source.created_time] if source.created_time else [])]
    with quiet():
        found: pd.DataFrame = group.select(list(dict.fromkeys([*columns, *times]))).read(
            start_time=start, end_time=end + _MOMENT
        )
    return found


def historical(call: Call, made: Contract, asked: pd.DataFrame) -> pd.DataFrame:
    """Join past features to rows of keys, event time and request fields, by the set's feature view."""
    import pandas as pd

    store = applied(call)
    one = call.feature_set
    view = store.get_feature_view(name=one.name, version=VERSION)
    names = {field.name: column(each.name, field.name) for each in made.views for field in each.fields}
    lacking = sorted(set(names) - {feature.name for feature in view.features})
    if lacking:
        message = f"feature view `{one.name}` has no `{lacking[0]}`: delete it in Hopsworks, and it is made anew"
        raise Broken(message, f"spec.features.sets.{one.name}")
    spine = asked.rename(columns={EVENT_TIME: call.model.label.event_time})
    parts = [spine.iloc[at : at + _SPINE_ROWS] for at in range(0, len(spine), _SPINE_ROWS)]
    try:
        with quiet():
            # Rows come back in the order given, so that keys and times need not.
            found = [
                view.get_batch_data(spine_df=part, primary_key=False, event_time=False, transformed=False)
                for part in parts
            ]
    except Exception as error:
        raise Broken(f"Hopsworks could not join: {sentence(error)}", f"spec.features.sets.{one.name}") from error
    joined = pd.concat(found, ignore_index=True)[[*names]].rename(columns=names)
    if len(joined) != len(asked):
        raise Broken(f"Hopsworks gave {len(joined)} answers for {len(asked)} rows")
    return asked[[*(key.name for key in made.keys), EVENT_TIME]].reset_index(drop=True).join(joined)
