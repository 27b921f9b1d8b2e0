"""Applications: which folders of the repository go to which cluster, and how they are kept.

In: a unit and its rendered folders. Out: Application objects. Never a finalizer: what is no longer delivered is not
deleted with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mlopsctl.blueprint.model import Blueprint, Placement, Shared
from mlopsctl.targets.argocd import conventions
from mlopsctl.targets.argocd.differences import Rule, ignored, may_be_kept
from mlopsctl.targets.argocd.folders import Rendered
from mlopsctl.targets.files import MANIFESTS
from mlopsctl.targets.kubernetes import manifest, metadata


def of_system(blueprint: Blueprint, rendered: Rendered) -> list[dict[str, Any]]:
    """Return a system's Application, and where it has runs a second one that never repeats them."""
    made = []
    if rendered.manifests:
        rules = ignored(blueprint, rendered.kinds)
        made.append(_kept(blueprint, conventions.application(blueprint), rendered.manifests, rules=rules))
    if rendered.runs:
        made.append(_runs(blueprint, rendered.runs))
    return made


def of_shared(shared: Shared, rendered: Rendered) -> list[dict[str, Any]]:
    """Return the Application of what systems share."""
    if not rendered.manifests:
        return []
    name = conventions.shared_application(shared)
    return [_kept(shared, name, rendered.manifests, wave=conventions.SHARED_WAVE)]


def root(shared: Shared) -> dict[str, Any]:
    """Return the Application that applies this target's objects of every unit, also of those that come later."""
    home = shared.place.path.rpartition("/")[0]
    folder = {"recurse": True, "include": f"*/{conventions.FOLDER}/{MANIFESTS}/*.yaml"}
    return _application(
        shared,
        conventions.root(shared),
        0,
        {
            "project": conventions.root(shared),
            "source": {**_source(shared.place, home), "directory": folder},
            "destination": {"server": conventions.OWN_CLUSTER, "namespace": conventions.namespace(shared)},
            "syncPolicy": _policy(*conventions.SYNC_OPTIONS),
        },
    )


def destination(place: Placement) -> dict[str, str]:
    """Return where objects go: an address, or a name that Argo CD knows the cluster by."""
    how = "server" if place.cluster.startswith(("http://", "https://")) else "name"
    return {how: place.cluster, "namespace": place.namespace}


def _kept(
    owner: Blueprint | Shared, name: str, folders: Iterable[str], *, wave: int = 0, rules: Sequence[Rule] = ()
) -> dict[str, Any]:
    """Return an Application that keeps its objects as Git says."""
    options = [*conventions.SYNC_OPTIONS, conventions.IN_ORDER]
    if may_be_kept(rules):
        options.append(conventions.RESPECT)
    spec = {**_delivery(owner, folders), "syncPolicy": _policy(*options)}
    return _application(owner, name, wave, {**spec, "ignoreDifferences": list(rules)} if rules else spec)


def _runs(blueprint: Blueprint, folders: Iterable[str]) -> dict[str, Any]:
    """Return the Application of runs: one that was deleted by hand is not made again before the next commit."""
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


def _application(owner: Blueprint | Shared, name: str, wave: int, spec: dict[str, Any]) -> dict[str, Any]:
    meta = metadata(owner, name, conventions.COMPONENT, wave=wave, namespace=conventions.namespace(owner))
    return manifest(conventions.API_VERSION, "Application", meta, spec=spec)
