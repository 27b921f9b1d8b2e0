"""The environment of a laptop: the same system, with every store and registry a file below `.mlops/`.

In: what was decided for an environment. Out: the same decisions with local stores. What the spec says of data,
features, model and checks is not touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model import Blueprint, Engine, Engines, Model, Shared, Source
from mlopsctl.catalogue.engines import engines as engines_known
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
    settings = {"offline": {**_NO_STORE, "type": "file"}, **engines.features.settings}
    settings["registry"] = str(layout.feature_registry)
    settings["online"] = {**_NO_STORE, "type": "sqlite", "connection": str(layout.online_store)}
    settings["server"] = FEATURE_SERVER
    if files_only:
        settings["offline"] = {**_NO_STORE, "type": "file"}
    registry = {**engines.registry.settings, "uri": layout.tracking_uri, "secret": None}
    return replace(
        engines,
        features=_stand_in(engines.features, "features", "feast", settings),
        registry=_stand_in(engines.registry, "registry", "mlflow", registry),
    )


def _stand_in(engine: Engine, stage: str, name: str, settings: Mapping[str, Any]) -> Engine:
    """Return the engine that keeps its things in files; one that needs a server is stood in for."""
    version = engine.version if engine.name == name else engines_known(stage)[0].default_version
    return Engine(name, version, settings)


def _model(model: Model | None, layout: Layout) -> Model | None:
    """Point the model at the local registry; the version that the lock names lives in another one."""
    return replace(model, tracking_uri=layout.tracking_uri, served=None) if model else None
