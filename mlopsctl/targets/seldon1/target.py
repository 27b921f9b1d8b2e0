"""The target seldon, version 1: each endpoint as a SeldonDeployment.

In: a blueprint. Out: files below `manifests/`, and what the engine cannot do. Never a decision.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Endpoint
from mlopsctl.catalogue.infrastructure import sync_wave
from mlopsctl.targets import kubernetes, serving
from mlopsctl.targets.files import manifest_file
from mlopsctl.targets.seldon1 import conventions
from mlopsctl.targets.seldon1.limits import limits
from mlopsctl.targets.seldon1.predictors import predictors
from mlopsctl.tree.fileset import FileSet

__all__ = ["deployment", "limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render one file an endpoint; nothing where no version is locked."""
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", deployment(blueprint, endpoint), about=(endpoint,))
        for endpoint in blueprint.endpoints
    )


def deployment(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the endpoint's SeldonDeployment."""
    kind = "SeldonDeployment"
    meta = kubernetes.metadata(blueprint, endpoint.name, serving.COMPONENT, wave=sync_wave(conventions.GROUP, kind))
    spec = {"protocol": conventions.PROTOCOL, "predictors": list(predictors(blueprint, endpoint))}
    return kubernetes.manifest(conventions.API_VERSION, kind, meta, spec=spec)
