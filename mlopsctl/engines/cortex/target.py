"""The target cortex: each system's endpoints as Cortex's list of APIs.

No Kubernetes objects are rendered: Cortex creates them itself.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.emit.origin import about
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.cortex import conventions
from mlopsctl.engines.cortex.apis import apis
from mlopsctl.engines.cortex.limits import limits, limits_shared
from mlopsctl.engines.shared.files import yaml_file
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "limits_shared", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's APIs in one file; nothing where no version is locked."""
    listed = [about((endpoint,), api) for endpoint in blueprint.endpoints for api in apis(blueprint, endpoint)]
    records = (*blueprint.endpoints, blueprint.engines.serving)
    return FileSet.of(yaml_file(conventions.FILE, listed, records)) if listed else FileSet()


RENDERER: Final = Renderer(system=render)
