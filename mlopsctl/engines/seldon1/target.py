"""The target seldon, version 1: each endpoint as a SeldonDeployment."""

from __future__ import annotations

from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.seldon1 import conventions
from mlopsctl.engines.seldon1.facts import KINDS
from mlopsctl.engines.seldon1.limits import limits
from mlopsctl.engines.seldon1.predictors import predictors
from mlopsctl.engines.shared import kubernetes, serving
from mlopsctl.engines.shared.files import manifest_file
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "deployment", "limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render one file per endpoint; none if no version is locked."""
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", deployment(blueprint, endpoint), about=(endpoint,))
        for endpoint in blueprint.endpoints
    )


def deployment(blueprint: Blueprint, endpoint: Endpoint) -> dict[str, Any]:
    """Return the endpoint's SeldonDeployment."""
    kind = "SeldonDeployment"
    meta = kubernetes.metadata(blueprint, endpoint.name, serving.COMPONENT, wave=KINDS[conventions.GROUP, kind].wave)
    spec = {"protocol": conventions.PROTOCOL, "predictors": list(predictors(blueprint, endpoint))}
    return kubernetes.manifest(conventions.API_VERSION, kind, meta, spec=spec)


RENDERER: Final = Renderer(system=render)
