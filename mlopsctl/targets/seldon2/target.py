"""The target seldon, version 2: endpoints as Models, Pipelines and Experiments.

In: a blueprint. Out: files below `manifests/`, and what the engine cannot do. Never a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model import Blueprint, Endpoint, Of, Shared
from mlopsctl.targets.files import manifest_file, yaml_file
from mlopsctl.targets.seldon2 import models, scaling, traffic
from mlopsctl.targets.seldon2.limits import limits
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "render", "render_shared"]


def render(blueprint: Blueprint) -> FileSet:
    """Render one file an endpoint; nothing where no version is locked."""
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", *_objects(blueprint, endpoint), about=(endpoint,))
        for endpoint in blueprint.endpoints
    )


def render_shared(shared: Shared) -> FileSet:
    """Render what the cluster's metrics adapter must know, where any endpoint scales on requests."""
    endpoints = [Of(system, endpoint) for system in shared.systems for endpoint in system.endpoints]
    if not any(scaling.on_requests(one.piece) for one in endpoints):
        return FileSet()
    about = (shared.engines.serving, *endpoints)
    return FileSet.of(yaml_file("prometheus-adapter.yaml", scaling.adapter_rules(), about=about))


def _objects(blueprint: Blueprint, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Yield the endpoint's objects in the order of their waves."""
    served = tuple(models.named(endpoint))
    for name, version in served:
        yield models.model(blueprint, endpoint, name, version)
    yield from traffic.pipelines(blueprint, endpoint)
    if endpoint.candidate:
        yield traffic.experiment(blueprint, endpoint)
    if scale := scaling.on_requests(endpoint):
        for name, _ in served:
            yield scaling.autoscaler(blueprint, endpoint, name, scale)
