"""Stores and locked addresses that are local files: pods of a cluster cannot share them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlopsctl.diagnostics.codes import serving as codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.model import Landscape
from mlopsctl.spec.stack.settings import is_local

_ADDRESSES = ("uri", "snapshot")


def shared_stores(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report file stores with a named cluster or an explicit pipeline engine: each pod would have its own."""
    files, pipelines = list(_files(landscape)), _place_of_setting(landscape, [("pipelines", "engine")])
    named_cluster = _cluster_is_named(landscape)
    if files and (named_cluster or pipelines):
        message = f"{_listed([content for content, _ in files])} kept in local files, which pods do not share"
        store = _place_of_setting(landscape, [path for _, path in files])
        place = _place(landscape) if named_cluster else store or pipelines
        related = (pipelines._replace(label="runs in a cluster"),) if pipelines and place != pipelines else ()
        yield codes.FILE_STORES.at(place, message, help=_settings(files), related=related, path="spec.stack")


def image_for_pods(landscape: Landscape) -> Iterator[Diagnostic]:
    """Require an image for a model's steps with a named cluster; `render` requires one always."""
    for system in landscape.systems.values() if _cluster_is_named(landscape) else ():
        if system.spec.model and system.image is None and not system.origin.unreadable("spec", "model", "code"):
            message = f"the training steps of `{system.name}` have no image"
            place = system.origin.value("spec", "model", "code")
            yield codes.MODEL_WITHOUT_IMAGE.at(place, message, path="spec.model.code.image")


def _cluster_is_named(landscape: Landscape) -> bool:
    """Return whether the environment names a cluster; without one the tree is only inspected or run locally."""
    origin, path = landscape.workspace.origin, ("spec", "environments", landscape.environment.name)
    if origin is None or origin.unreadable("spec", "stack") or origin.unreadable(*path, "stack"):
        return False  # an unreadable part of the stack is replaced by its default
    return origin.has(*path, "cluster")


def _place_of_setting(landscape: Landscape, paths: Sequence[tuple[str, ...]]) -> Place | None:
    """Return the place of the first of these parts of the stack that is set, in the environment or in the workspace."""
    origin, own = landscape.workspace.origin, ("spec", "environments", landscape.environment.name, "stack")
    stacks = (own, ("spec", "stack"))
    if origin is None or any(origin.unreadable(*stack) for stack in stacks):
        return None
    places = [(*stack, *path) for path in paths for stack in stacks]
    return next((origin.value(*place) for place in places if origin.has(*place)), None)


def _files(landscape: Landscape) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the file stores that a step uses, each with its path in the stack."""
    views = any(system.views for system in landscape.systems.values())
    training = any(system.training for system in landscape.systems.values())
    stages = (("features", views or training), ("registry", training))
    for stage, used in stages:
        for store in getattr(landscape.engines, stage).file_stores() if used else ():
            yield store.content, (stage, store.field)


def _settings(files: Sequence[tuple[str, tuple[str, str]]]) -> str:
    """Return the help that names the settings of these stores."""
    fields = [f"`stack.{'.'.join(path)}`" for _, path in files]
    *rest, last = fields
    listed = f"{', '.join(rest)} and {last}" if rest else last
    return f"set {listed} in the workspace to {'stores' if rest else 'a store'} that pods can reach"


def locked_addresses(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report locked versions at a local path, which pods cannot read.

    Without a workspace the only environment is the local machine.
    """
    lock = landscape.workspace.lock
    if lock is None or landscape.workspace.origin is None:
        return
    environment = landscape.environment.name
    used = {key for system in landscape.systems.values() for key in system.aliases}
    for key, locked in landscape.lock.models.items():
        for entry, version in (((), locked), (("candidate",), locked.candidate)):
            for field in _ADDRESSES if version and key in used else ():
                address = getattr(version, field)
                if address and is_local(address):
                    path = ("environments", environment, "models", key, *entry, field)
                    message = f"`{address}` is a local path: pods of {environment} cannot read it"
                    yield codes.LOCAL_ARTIFACT.at(lock.value(*path), message, path=".".join(path))


def _listed(names: list[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last} are" if rest else f"{last} is"


def feature_server(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report a missing feature server where endpoints look features up."""
    server = landscape.engines.features.server_to_run()
    asking = [
        endpoint.name
        for system in landscape.systems.values()
        for endpoint in system.endpoints.values()
        if endpoint.features and endpoint.locked
    ]
    if server and asking and _cluster_is_named(landscape):
        message = f"endpoints look features up at `{server}` in their namespace, which is not rendered"
        yield codes.FEATURE_SERVER.at(_place(landscape), message, path="spec.stack.features.server")


def _place(landscape: Landscape) -> Place | None:
    """Return the place of `stack.features` in the workspace, or of the nearest parent."""
    origin = landscape.workspace.origin
    if origin is None:
        return None
    for path in (("spec", "stack", "features"), ("spec", "stack")):
        if origin.has(*path):
            return origin.key(*path)
    return origin.key("metadata", "name")


LANDSCAPE_RULES = (shared_stores, image_for_pods, feature_server, locked_addresses)
