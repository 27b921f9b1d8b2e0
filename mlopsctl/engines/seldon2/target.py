"""The target seldon, version 2: endpoints as Models, Pipelines and Experiments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.pieces import OwnedPiece
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.seldon2 import models, scaling, traffic
from mlopsctl.engines.seldon2.limits import limits
from mlopsctl.engines.shared.files import manifest_file, yaml_file
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Render one file per endpoint; none if no version is locked."""
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", *_objects(blueprint, endpoint), about=(endpoint,))
        for endpoint in blueprint.endpoints
    )


def render_shared(shared: Shared) -> FileSet:
    """Render the rules of the cluster's metrics adapter, if any endpoint scales on requests."""
    endpoints = [OwnedPiece(system, endpoint) for system in shared.systems for endpoint in system.endpoints]
    if not any(scaling.on_requests(endpoint.piece) for endpoint in endpoints):
        return FileSet()
    about = (shared.engines.serving, *endpoints)
    return FileSet.of(yaml_file("prometheus-adapter.yaml", scaling.adapter_rules(), about=about))


def _objects(blueprint: Blueprint, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Yield the endpoint's objects in the order of their waves."""
    served = tuple(models.models_of(endpoint))
    for name, version in served:
        yield models.model(blueprint, endpoint, name, version)
    yield from traffic.pipelines(blueprint, endpoint)
    if endpoint.candidate:
        yield traffic.experiment(blueprint, endpoint)
    if scale := scaling.on_requests(endpoint):
        for name, _ in served:
            yield scaling.autoscaler(blueprint, endpoint, name, scale)


RENDERER: Final = Renderer(system=render, shared=render_shared)
