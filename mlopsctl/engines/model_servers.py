"""Look up the server of a model's flavor on an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlopsctl.catalogue.flavors import FLAVORS, Served
from mlopsctl.engines.base import Serving
from mlopsctl.engines.known import engine as known_engine

if TYPE_CHECKING:
    from mlopsctl.blueprint.model.blueprint import Blueprint


def serving(engine: str, version: str) -> Serving | None:
    """Return a serving engine's facts about its servers; None for an engine of another stage."""
    entry = known_engine("serving", engine, version)
    return entry.serving if entry else None


def served_by(name: str, engine: str, version: str, *, looks_up: bool = False) -> Served | None:
    """Return the server of a flavor on an engine; None if there is none.

    A model that looks up features (`looks_up`) needs code besides the model file, so the package is served.
    """
    servers = serving(engine, version)
    if servers is None or name not in FLAVORS or name not in (servers.flavors or FLAVORS):
        return None
    native = None if looks_up else servers.native.get(name)
    return native or servers.packaged


def endpoint_kind(name: str, engine: str, version: str, *, looks_up: bool) -> str:
    """Return the kind of object that counts an endpoint's requests, as used by `engines.signals`."""
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
