"""The target cortex: each system's endpoints as Cortex's list of APIs.

In: a blueprint. Out: the file for `cortex deploy`, and what the engine cannot do. Never a Kubernetes object: Cortex
makes those itself, so nothing here is Argo CD's.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.emit.origin import about
from mlopsctl.targets.cortex import conventions
from mlopsctl.targets.cortex.apis import apis
from mlopsctl.targets.cortex.limits import limits, limits_shared
from mlopsctl.targets.files import yaml_file
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "limits_shared", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's APIs in one file; nothing where no version is locked."""
    listed = [about((endpoint,), api) for endpoint in blueprint.endpoints for api in apis(blueprint, endpoint)]
    made = (*blueprint.endpoints, blueprint.engines.serving)
    return FileSet.of(yaml_file(conventions.FILE, listed, made)) if listed else FileSet()
