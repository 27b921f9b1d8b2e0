"""`materialize`: bring the newest rows of views to the online store.

In: the feature repository; parameters `mode` (incremental or full) and `views` (a list with commas, empty for all).
Out: for each view the parameter `timestamp-<view>`, the event time of its newest row, in Unix seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mlopsctl.blueprint.model import View
from mlopsctl.runtime import hopsworks
from mlopsctl.runtime.artifacts import write_parameter
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.feature_store import applied, quiet
from mlopsctl.runtime.freshness import newest
from mlopsctl.runtime.gauges import NOTHING, publish

MODES = ("incremental", "full")


def run(call: Call) -> None:
    """Register the project, then load each view."""
    mode = call.parameters.get("mode", "incremental")
    if mode not in MODES:
        raise Broken(f"mode is `{mode}`, and can be {' or '.join(MODES)}")
    views = _chosen(call)
    loaded = _into_hopsworks if hopsworks.chosen(call) else _into_feast
    found = {f"timestamp-{name}": moment for name, moment in loaded(call, views, mode).items()}
    for name, path in call.outputs.items():
        write_parameter(path, found.get(name, NOTHING))
    publish(call, found)


def _into_hopsworks(call: Call, views: list[View], mode: str) -> dict[str, str]:
    store = hopsworks.applied(call)
    return {view.name: hopsworks.load(call, store, view, mode) for view in views}


def _into_feast(call: Call, views: list[View], mode: str) -> dict[str, str]:
    store = applied(call, [view.name for view in views])
    found = {}
    for view in views:
        _load(call, store, view, mode)
        found[view.name] = _newest(call, store, view)
    return found


def _chosen(call: Call) -> list[View]:
    """Return the views to load: those asked for, or all that are materialised."""
    known = {view.name: view for view in call.definitions.views if view.every}
    asked = [name.strip() for name in call.parameters.get("views", "").split(",") if name.strip()]
    strange = [name for name in asked if name not in known]
    if strange:
        message = f"view `{strange[0]}` is not materialised by this system; those are {', '.join(known) or 'none'}"
        raise Broken(message, "spec.features.views")
    return [known[name] for name in asked] if asked else list(known.values())


def _load(call: Call, store: Any, view: View, mode: str) -> None:
    """Load a view: since the last time, or all that its ttl keeps alive."""
    start = _start(call, store, view, mode)
    if start >= call.now:
        call.log.say(f"view `{view.name}` is loaded already", view=view.name)
        return
    with quiet():
        store.materialize(start, call.now, feature_views=[view.name])
    call.log.say(f"view `{view.name}` is loaded from {start.isoformat()} on", view=view.name, mode=mode)


def _start(call: Call, store: Any, view: View, mode: str) -> datetime:
    """Return when the rows to load begin; Feast's own first increment would count from the clock."""
    oldest = call.now - timedelta(seconds=view.ttl)
    last: datetime | None = store.get_feature_view(view.name).most_recent_end_time
    if mode == "full" or last is None:
        return oldest
    return last if last.tzinfo else last.replace(tzinfo=UTC)


def _newest(call: Call, store: Any, view: View) -> str:
    """Return the event time of the newest row that was there to load, in Unix seconds."""
    moment = newest(call, store, view.name, [field.name for field in view.fields], view.ttl)
    if moment is None:
        call.log.warn(f"view `{view.name}` has no row younger than its ttl", view=view.name)
        return NOTHING
    return f"{moment.timestamp():.0f}"
