"""The local environment: the same system, with every store and registry as files below `.mlops/`.

Data, features, model and checks of the spec are unchanged.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.features import Features, Source
from mlopsctl.blueprint.model.platform import Engine, Engines
from mlopsctl.blueprint.model.training import Model
from mlopsctl.engines.known import engines as engines_known
from mlopsctl.runtime.local.layout import Layout

FEATURE_SERVER = "127.0.0.1:6566"
_NO_STORE: Mapping[str, Any] = {"connection": None, "database": None, "secret": None}


def localised(shared: Shared, layout: Layout, where: str = ".") -> Shared:
    """Return the environment with local stores, and files named from the folder that the steps run in, the spec's.

    `where` is that folder as seen from the workspace's, which a Blueprint names files from.
    """
    files_only = all(source.path is not None for system in shared.systems for source in sources(system))
    systems = tuple(
        replace(
            system,
            engines=_engines(system.engines, layout, files_only),
            features=_features(system.features, where),
            model=_model(system.model, layout, where),
        )
        for system in shared.systems
    )
    return replace(shared, engines=_engines(shared.engines, layout, files_only), systems=systems)


def sources(blueprint: Blueprint) -> tuple[Source, ...]:
    """List what the system reads, once: the views' sources and the labelled rows."""
    known_sources = list(blueprint.features.sources) if blueprint.features else []
    rows = blueprint.model.label.rows if blueprint.model else None
    if rows and rows.name not in {source.name for source in known_sources}:
        known_sources.append(rows)
    return tuple(known_sources)


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


def _model(model: Model | None, layout: Layout, where: str) -> Model | None:
    """Point the model at the local registry; the version that the lock names lives in another one."""
    if model is None:
        return None
    label = replace(model.label, rows=_from(where, model.label.rows))
    return replace(model, tracking_uri=layout.tracking_uri, served=None, label=label)


def _features(features: Features | None, where: str) -> Features | None:
    return replace(features, sources=tuple(_from(where, source) for source in features.sources)) if features else None


def _from(where: str, source: Source) -> Source:
    """Name a source's file from a folder."""
    if source.path is None or "://" in source.path or posixpath.isabs(source.path):
        return source
    return replace(source, path=posixpath.relpath(source.path, where))
