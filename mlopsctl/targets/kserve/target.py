"""The target kserve: each endpoint as an InferenceService.

In: a blueprint. Out: files below `manifests/`, and what the engine cannot do. Never a decision.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.targets.files import manifest_file
from mlopsctl.targets.kserve.limits import limits
from mlopsctl.targets.kserve.service import inference_service
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render one file an endpoint; nothing where no version is locked."""
    return FileSet.of(
        manifest_file(f"{endpoint.spec_name}.yaml", inference_service(blueprint, endpoint), about=(endpoint,))
        for endpoint in blueprint.endpoints
    )
