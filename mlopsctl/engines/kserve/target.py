"""The target kserve: each endpoint as an InferenceService."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.kserve.limits import limits
from mlopsctl.engines.kserve.runtime import serving_runtime
from mlopsctl.engines.kserve.service import inference_service
from mlopsctl.engines.shared.files import manifest_file
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render one file per endpoint; none if no version is locked."""
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", *_objects(blueprint, endpoint), about=(endpoint,))
        for endpoint in blueprint.endpoints
    )


def _objects(blueprint: Blueprint, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    if own := serving_runtime(blueprint, endpoint):
        yield own
    yield inference_service(blueprint, endpoint)


RENDERER: Final = Renderer(system=render)
