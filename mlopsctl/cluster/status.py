"""What is deployed in an environment: Applications, the served versions of models, and drift from Git.

Only reads objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.model.serving import Endpoint, ServedVersion
from mlopsctl.cluster.api import Cluster, Object
from mlopsctl.manifest_diff.reader import TreeObject

_URIS = ("storageUri", "modelUri")
_VERSION = "app.kubernetes.io/version"


class Application(Struct, frozen=True):
    """An Application of Argo CD; missing values are empty."""

    name: str
    sync: str
    health: str
    revision: str
    message: str


class Served(Struct, frozen=True):
    """An object that serves a model, with the locked and the live version.

    `live` is empty if the object does not exist, `ready` if it has no status.
    """

    system: str
    endpoint: str
    role: str
    object: str
    locked: str
    uri: str
    live: str
    live_uri: str
    ready: str

    @property
    def agrees(self) -> bool:
        """Return whether the live version is the locked one."""
        return self.live_uri == self.uri


def applications(objects: Sequence[TreeObject], cluster: Cluster) -> list[Application]:
    """Return the state of each rendered Application, including missing ones."""
    return [_application(obj, cluster) for obj in objects if obj.kind == "Application"]


def _application(obj: TreeObject, cluster: Cluster) -> Application:
    kind = cluster.kind(obj.api_version, obj.kind)
    live = cluster.get(kind, obj.namespace, obj.name) if kind else None
    if live is None:
        return Application(obj.name, "absent" if kind else "no Argo CD", "", "", "")
    status = live.get("status") or {}
    sync, health = status.get("sync") or {}, status.get("health") or {}
    revisions = list(dict.fromkeys([*(sync.get("revisions") or ()), *filter(None, [sync.get("revision")])]))
    message = str((status.get("operationState") or {}).get("message") or health.get("message") or "")
    return Application(
        obj.name,
        str(sync.get("status") or "Unknown"),
        str(health.get("status") or "Unknown"),
        ", ".join(revision[:10] for revision in revisions),
        message,
    )


def served(shared: Shared, objects: Sequence[TreeObject], cluster: Cluster) -> list[Served]:
    """Return every served version of the lock in an environment, with its object."""
    return [
        _served(system.identity.system, endpoint, role, version, objects, cluster)
        for system in shared.systems
        for endpoint in system.endpoints
        for role, version in _versions(endpoint)
    ]


def _versions(endpoint: Endpoint) -> Iterator[tuple[str, ServedVersion]]:
    yield "stable", endpoint.stable
    if endpoint.candidate:
        yield "candidate", endpoint.candidate


def _served(
    system: str, endpoint: Endpoint, role: str, locked: ServedVersion, objects: Sequence[TreeObject], cluster: Cluster
) -> Served:
    uri = locked.version.uri
    obj, path = next(
        (
            (candidate, path)
            for candidate in objects
            if candidate.unit == system
            for path, value in _uris(candidate.value)
            if value == uri
        ),
        (None, ()),
    )
    kind = cluster.kind(obj.api_version, obj.kind) if obj else None
    live = cluster.get(kind, obj.namespace, obj.name) if obj and kind else None
    live_uri = str(_at(live, path) or "") if live else ""
    return Served(
        system,
        endpoint.spec_name,
        role,
        f"{obj.kind}/{obj.name}" if obj else "",
        locked.version.version,
        uri,
        _version(live, path) if live else "",
        live_uri,
        _ready(live or {}),
    )


def _uris(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the model addresses in an object."""
    inside: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    for key, inner in inside:
        if key in _URIS and isinstance(inner, str):
            yield (*path, key), inner
        else:
            yield from _uris(inner, (*path, key))


def _at(value: Any, path: Iterable[str | int]) -> Any:
    for part in path:
        exists = part in value if isinstance(value, dict) else isinstance(value, list) and len(value) > int(part)
        if not exists:
            return None
        value = value[part]
    return value


def _version(live: Object, path: tuple[str | int, ...]) -> str:
    """Return the version in the object's labels nearest to the model, otherwise the end of its address."""
    for depth in range(len(path), -1, -1):
        at = _at(live, path[:depth])
        for labels in (at.get("labels"), (at.get("metadata") or {}).get("labels")) if isinstance(at, dict) else ():
            if isinstance(labels, dict) and labels.get(_VERSION):
                return str(labels[_VERSION])
    return str(_at(live, path) or "").rstrip("/").rpartition("/")[2]


def _ready(live: Object) -> str:
    """Return an object's readiness."""
    status = live.get("status") or {}
    for condition in status.get("conditions") or ():
        if condition.get("type") == "Ready":
            return "ready" if condition.get("status") == "True" else str(condition.get("reason") or "not ready")
    return str(status.get("state") or "").lower()
