"""What serves a registered model of a flavor on an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlopsctl.catalogue.flavors import FLAVORS, Served
from mlopsctl.engines.base import Serving
from mlopsctl.engines.known import engine as known_engine

if TYPE_CHECKING:
    from mlopsctl.blueprint.model.blueprint import Blueprint


def serving(engine: str, version: str) -> Serving | None:
    """Return what an engine that serves says of its servers; None for an engine of another stage."""
    entry = known_engine("serving", engine, version)
    return entry.serving if entry else None


def served_by(name: str, engine: str, version: str, *, looks_up: bool = False) -> Served | None:
    """Decide what serves a registered model of a flavor on an engine; None when nothing does.

    A model that looks its own features up (`looks_up`) is code beside the bare file, so the package is served.
    """
    servers = serving(engine, version)
    if servers is None or name not in FLAVORS or name not in (servers.flavors or FLAVORS):
        return None
    native = None if looks_up else servers.native.get(name)
    return native or servers.packaged


def endpoint_kind(name: str, engine: str, version: str, *, looks_up: bool) -> str:
    """Return the word of `engines.signals` for what counts an endpoint's requests."""
    servers = serving(engine, version)
    if servers and servers.lookup_kind and looks_up:
        return servers.lookup_kind
    served = served_by(name, engine, version, looks_up=looks_up)
    return served.kind if served else "service"


def feature_server(blueprint: Blueprint) -> str:
    """Return where the feature server of the environment answers; empty for a store without one."""
    chosen = blueprint.engines.features
    named = chosen.settings.get("server")
    entry = None if named else known_engine("features", chosen.name, chosen.version)
    service, _, port = (entry.features.server if entry and entry.features else "").partition(":")
    address = named or (f"{service}.{blueprint.place.namespace}.svc:{port}" if service else "")
    return f"http://{address}" if address else ""
