"""Build the local environment: the same system, with all stores and registries as files below `.mlops/`.

Data, features, model and checks of the spec are unchanged.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from types import FunctionType
from typing import Any, Protocol

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.features import Features, Source
from mlopsctl.blueprint.model.platform import Engine, Engines
from mlopsctl.blueprint.model.training import Model
from mlopsctl.engines.base import Facts, attribute
from mlopsctl.engines.known import engine
from mlopsctl.engines.known import engines as engines_known
from mlopsctl.runtime.local.layout import Layout


class LocalSettings(Protocol):
    """A function of an engine: its settings for one machine, with everything in files below the layout's folder.

    `stack` are the settings of the stack, and `files_only` tells that all sources are files.
    """

    def __call__(self, stack: Mapping[str, Any], layout: Layout, *, files_only: bool) -> dict[str, Any]:
        """Return the settings."""


def localised(shared: Shared, layout: Layout, where: str = ".") -> Shared:
    """Return the environment with local stores, and file paths relative to the spec's folder, where steps run.

    `where` is that folder relative to the workspace's, from which a Blueprint's paths start.
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
    """List the sources that the system reads, each once: those of views and of the labelled rows."""
    known_sources = list(blueprint.features.sources) if blueprint.features else []
    rows = blueprint.model.label.rows if blueprint.model else None
    if rows and rows.name not in {source.name for source in known_sources}:
        known_sources.append(rows)
    return tuple(known_sources)


def _engines(engines: Engines, layout: Layout, files_only: bool) -> Engines:
    return replace(
        engines,
        features=_local(engines.features, "features", layout, files_only),
        registry=_local(engines.registry, "registry", layout, files_only),
    )


def _local(chosen: Engine, stage: str, layout: Layout, files_only: bool) -> Engine:
    """Return the engine with its local settings; the stage's default engine replaces one that needs a server."""
    address = _local_settings(engine(stage, chosen.name, chosen.version))
    default = engines_known(stage)[0]
    name, version = (chosen.name, chosen.version) if address else (default.name, default.default_version)
    settings: LocalSettings = attribute(address or _local_settings(default), FunctionType)
    return Engine(name, version, settings(chosen.settings, layout, files_only=files_only))


def _local_settings(facts: Facts | None) -> str:
    """Return the address of an engine's local settings; empty where it cannot keep everything in files."""
    stage = (facts.features or facts.registry) if facts else None
    return stage.local if stage else ""


def _model(model: Model | None, layout: Layout, where: str) -> Model | None:
    """Point the model to the local registry; the locked version belongs to another one."""
    if model is None:
        return None
    label = replace(model.label, rows=_from(where, model.label.rows))
    return replace(model, tracking_uri=layout.tracking_uri, served=None, label=label)


def _features(features: Features | None, where: str) -> Features | None:
    return replace(features, sources=tuple(_from(where, source) for source in features.sources)) if features else None


def _from(where: str, source: Source) -> Source:
    """Return a source with its file path relative to a folder."""
    if source.path is None or "://" in source.path or posixpath.isabs(source.path):
        return source
    return replace(source, path=posixpath.relpath(source.path, where))
