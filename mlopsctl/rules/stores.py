"""Stores: what a laptop keeps in files, pods of a cluster do not share.

In: a landscape. Out: findings about the stack's defaults, where pipelines or endpoints rely on them.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.diagnostics.codes import serving as codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.model import Landscape, stack_spec

_LOCAL_ONLINE = "sqlite"


def shared_stores(landscape: Landscape) -> Iterator[Diagnostic]:
    """Stores of files are each pod's own, so they do not go with a cluster that was named."""
    missing = list(_files(landscape))
    used = any(system.training or system.views for system in landscape.systems.values())
    if missing and used and _cluster_is_named(landscape):
        message = f"pods do not share files, and {_listed(missing)} kept in files"
        yield codes.FILE_STORES.at(_place(landscape), message, path="spec.stack")


def _cluster_is_named(landscape: Landscape) -> bool:
    """Tell whether somebody has said where the tree will run: before that it is only looked at, or run on a laptop."""
    origin, here = landscape.workspace.origin, ("spec", "environments", landscape.environment.name)
    if origin is None or origin.unreadable("spec", "stack") or origin.unreadable(*here, "stack"):
        return False  # where a part of the stack was not understood, a default stands there
    return origin.has(*here, "cluster")


def _files(landscape: Landscape) -> Iterator[str]:
    features, registry = landscape.engines.features, landscape.engines.registry
    if isinstance(features, stack_spec.Feast) and "://" not in features.registry:
        yield "the feature registry"
    if isinstance(features, stack_spec.Feast) and features.online.type == _LOCAL_ONLINE:
        yield "the online store"
    if isinstance(registry, stack_spec.Mlflow) and not registry.uri:
        yield "the model registry"


def _listed(names: list[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last} are" if rest else f"{last} is"


def feature_server(landscape: Landscape) -> Iterator[Diagnostic]:
    """Endpoints that look features up ask a server that somebody has to run."""
    features = landscape.engines.features
    if not isinstance(features, stack_spec.Feast):
        return
    asking = [
        endpoint.name
        for system in landscape.systems.values()
        for endpoint in system.endpoints.values()
        if endpoint.features and endpoint.locked
    ]
    if asking and not features.server and _cluster_is_named(landscape):
        message = "endpoints ask `feast-server` in their namespace for features, and it is not rendered"
        yield codes.FEATURE_SERVER.at(_place(landscape), message, path="spec.stack.features.server")


def _place(landscape: Landscape) -> Place | None:
    """Return the stack of features in the workspace, or the nearest thing it has."""
    origin = landscape.workspace.origin
    if origin is None:
        return None
    for path in (("spec", "stack", "features"), ("spec", "stack")):
        if origin.has(*path):
            return origin.key(*path)
    return origin.key("metadata", "name")


LANDSCAPE_RULES = (shared_stores, feature_server)
