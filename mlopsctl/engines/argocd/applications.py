"""Applications: which folders of the repository are synced to which cluster, and how.

They have no finalizer: a removed Application does not delete its objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.platform import Placement
from mlopsctl.engines.argocd import conventions
from mlopsctl.engines.argocd.differences import Rule, ignored, may_be_kept
from mlopsctl.engines.argocd.folders import Rendered
from mlopsctl.engines.shared.files import MANIFESTS
from mlopsctl.engines.shared.kubernetes import manifest, metadata


def of_system(blueprint: Blueprint, rendered: Rendered) -> list[dict[str, Any]]:
    """Return a system's Application, and for its runs a second one that never creates them again."""
    applications = []
    if rendered.manifests:
        rules = ignored(blueprint, rendered.kinds)
        applications.append(
            _self_healing(blueprint, conventions.application(blueprint), rendered.manifests, rules=rules)
        )
    if rendered.runs:
        applications.append(_runs(blueprint, rendered.runs))
    return applications


def of_shared(shared: Shared, rendered: Rendered) -> list[dict[str, Any]]:
    """Return the Application of the shared unit."""
    if not rendered.manifests:
        return []
    name = conventions.shared_application(shared)
    return [_self_healing(shared, name, rendered.manifests, wave=conventions.SHARED_WAVE)]


def root(shared: Shared, units: Iterable[str]) -> dict[str, Any]:
    """Return the Application that applies this target's objects of each unit, by name.

    No pattern, so a folder that nobody rendered is never applied. It applies its own folder too: that is how it
    learns of a unit that comes later. Its own health is not asked, for it would wait for itself.
    """
    home = shared.place.path.rpartition("/")[0]
    folders = [
        f"{shared.place.path}/{conventions.FOLDER}/{conventions.BOOTSTRAP}",
        *(f"{home}/{unit}/{conventions.FOLDER}/{MANIFESTS}" for unit in sorted(units)),
    ]
    return _application(
        shared,
        conventions.root(shared),
        0,
        {
            "project": conventions.root(shared),
            "sources": [_source(shared.place, folder) for folder in folders],
            "destination": {"server": conventions.OWN_CLUSTER, "namespace": conventions.namespace(shared)},
            "syncPolicy": _policy(*conventions.SYNC_OPTIONS),
        },
        annotations=conventions.ROOT_ITSELF,
    )


def destination(place: Placement) -> dict[str, str]:
    """Return the destination: an address, or the cluster's name in Argo CD."""
    how = "server" if place.cluster.startswith(("http://", "https://")) else "name"
    return {how: place.cluster, "namespace": place.namespace}


def _self_healing(
    owner: Blueprint | Shared, name: str, folders: Iterable[str], *, wave: int = 0, rules: Sequence[Rule] = ()
) -> dict[str, Any]:
    """Return an Application that keeps its objects in sync with Git."""
    options = [*conventions.SYNC_OPTIONS, conventions.IN_ORDER]
    if may_be_kept(rules):
        options.append(conventions.RESPECT)
    spec = {**_delivery(owner, folders), "syncPolicy": _policy(*options)}
    return _application(owner, name, wave, {**spec, "ignoreDifferences": list(rules)} if rules else spec)


def _runs(blueprint: Blueprint, folders: Iterable[str]) -> dict[str, Any]:
    """Return the Application of runs: a run that was deleted by hand is not created again before the next commit."""
    policy = _policy(*conventions.SYNC_OPTIONS, heal=False)
    spec = {**_delivery(blueprint, folders), "syncPolicy": policy}
    return _application(blueprint, conventions.runs(blueprint), conventions.RUNS_WAVE, spec)


def _delivery(owner: Blueprint | Shared, folders: Iterable[str]) -> dict[str, Any]:
    return {
        "project": conventions.project(owner),
        "sources": [_source(owner.place, f"{owner.place.path}/{folder}") for folder in folders],
        "destination": destination(owner.place),
    }


def _source(place: Placement, path: str) -> dict[str, Any]:
    return {"repoURL": place.repository, "targetRevision": place.branch, "path": path}


def _policy(*options: str, heal: bool = True) -> dict[str, Any]:
    return {
        "automated": {"prune": True, "selfHeal": heal},
        "syncOptions": list(options),
        "retry": conventions.RETRY,
    }


def _application(
    owner: Blueprint | Shared, name: str, wave: int, spec: dict[str, Any], annotations: Mapping[str, str] | None = None
) -> dict[str, Any]:
    space = conventions.namespace(owner)
    meta = metadata(owner, name, conventions.COMPONENT, wave=wave, namespace=space, annotations=annotations)
    return manifest(conventions.API_VERSION, "Application", meta, spec=spec)
