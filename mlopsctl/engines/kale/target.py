"""The target kale: a system's pipelines as tagged notebooks, and what their steps read in the cluster.

Only what lies below `manifests/` is Argo CD's: a notebook is compiled and uploaded with Kale.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.emit import json
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.kale import conventions
from mlopsctl.engines.kale.limits import limits
from mlopsctl.engines.kale.notebook import notebook
from mlopsctl.engines.kale.pod_default import pod_default
from mlopsctl.engines.shared import kubernetes
from mlopsctl.engines.shared.files import manifest_file, text_file
from mlopsctl.tree.fileset import File, FileSet

__all__ = ["RENDERER", "limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render one notebook a pipeline; nothing where there is none."""
    if not blueprint.pipelines:
        return FileSet()
    return FileSet.of(_manifests(blueprint), _notebooks(blueprint))


def _manifests(blueprint: Blueprint) -> Iterator[File]:
    yield manifest_file("blueprint.yaml", kubernetes.blueprint_config_map(blueprint), about=(blueprint,))
    yield manifest_file("pod-default.yaml", pod_default(blueprint), about=(blueprint, blueprint.engines.pipelines))


def _notebooks(blueprint: Blueprint) -> Iterator[File]:
    for pipeline in blueprint.pipelines:
        text = json.dumps(notebook(blueprint, pipeline))
        about = (pipeline, Part(blueprint.identity, "labels"), blueprint.engines.pipelines)
        yield text_file(f"{conventions.NOTEBOOKS}/{pipeline.name}.ipynb", text, about)


RENDERER: Final = Renderer(system=render)
