"""The environment of a laptop: the same system, with every store and registry a file below `.mlops/`.

In: what was decided for an environment. Out: the same decisions with local stores. What the spec says of data,
features, model and checks is not touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model import Blueprint, Engine, Engines, Model, Shared, Source
from mlopsctl.runtime.local.layout import Layout

FEATURE_SERVER = "127.0.0.1:6566"
_NO_STORE: Mapping[str, Any] = {"connection": None, "database": None, "secret": None}


def localised(shared: Shared, layout: Layout) -> Shared:
    """Return the environment with local stores."""
    files_only = all(source.path is not None for system in shared.systems for source in sources(system))
    systems = tuple(
        replace(one, engines=_engines(one.engines, layout, files_only), model=_model(one.model, layout))
        for one in shared.systems
    )
    return replace(shared, engines=_engines(shared.engines, layout, files_only), systems=systems)


def sources(blueprint: Blueprint) -> tuple[Source, ...]:
    """List what the system reads, once: the views' sources and the labelled rows."""
    found = list(blueprint.features.sources) if blueprint.features else []
    rows = blueprint.model.label.rows if blueprint.model else None
    if rows and rows.name not in {one.name for one in found}:
        found.append(rows)
    return tuple(found)


def _engines(engines: Engines, layout: Layout, files_only: bool) -> Engines:
    settings = dict(engines.features.settings)
    settings["registry"] = str(layout.feature_registry)
    settings["online"] = {**_NO_STORE, "type": "sqlite", "connection": str(layout.online_store)}
    settings["server"] = FEATURE_SERVER
    if files_only:
        settings["offline"] = {**_NO_STORE, "type": "file"}
    registry = {**engines.registry.settings, "uri": layout.tracking_uri, "secret": None}
    return replace(
        engines,
        features=Engine(engines.features.name, engines.features.version, settings),
        registry=Engine(engines.registry.name, engines.registry.version, registry),
    )


def _model(model: Model | None, layout: Layout) -> Model | None:
    """Point the model at the local registry; the version that the lock names lives in another one."""
    return replace(model, tracking_uri=layout.tracking_uri, served=None) if model else None
