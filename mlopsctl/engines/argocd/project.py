"""AppProjects: allowed repositories, destinations and kinds of an environment's Applications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.argocd import conventions
from mlopsctl.engines.argocd.applications import destination
from mlopsctl.engines.argocd.folders import Kind
from mlopsctl.engines.shared.kubernetes import manifest, metadata


def project(shared: Shared, kinds: Iterable[Kind]) -> dict[str, Any]:
    """Return the project of the environment's systems: one namespace, and exactly the kinds that were rendered."""
    description = f"Systems of the workspace {shared.workspace} in {shared.environment}"
    return _project(
        shared,
        conventions.project(shared),
        description,
        destination(shared.place),
        kinds,
        wave=conventions.PROJECT_WAVE,
    )


def root_project(shared: Shared) -> dict[str, Any]:
    """Return the project of the root: it creates only Applications and their project."""
    where = {"server": conventions.OWN_CLUSTER, "namespace": conventions.namespace(shared)}
    kinds = ((conventions.GROUP, "AppProject"), (conventions.GROUP, "Application"))
    description = f"What delivers the workspace {shared.workspace} to {shared.environment}"
    return _project(shared, conventions.root(shared), description, where, kinds, annotations=conventions.ROOT_ITSELF)


def _project(
    shared: Shared,
    name: str,
    description: str,
    where: dict[str, str],
    kinds: Iterable[Kind],
    *,
    wave: int = 0,
    annotations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    space = conventions.namespace(shared)
    return manifest(
        conventions.API_VERSION,
        "AppProject",
        metadata(shared, name, conventions.COMPONENT, wave=wave, namespace=space, annotations=annotations),
        spec={
            "description": description,
            "sourceRepos": [shared.place.repository],
            "destinations": [where],
            "clusterResourceWhitelist": [],
            "namespaceResourceWhitelist": [{"group": group, "kind": kind} for group, kind in sorted(kinds)],
        },
    )
