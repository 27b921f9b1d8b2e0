"""The target polyaxon: a system's pipelines as Polyaxonfiles, and what their steps read in the cluster.

Only what lies below `manifests/` is Argo CD's: a Polyaxonfile is submitted with `polyaxon run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.polyaxon import access, conventions
from mlopsctl.engines.polyaxon.limits import limits, limits_shared
from mlopsctl.engines.polyaxon.polyaxonfile import component, scheduled
from mlopsctl.engines.shared import kubernetes, steps
from mlopsctl.engines.shared.files import manifest_file, yaml_file
from mlopsctl.tree.fileset import File, FileSet

__all__ = ["RENDERER", "limits", "limits_shared", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's pipelines; nothing where it has none."""
    if not blueprint.pipelines:
        return FileSet()
    return FileSet.of(_manifests(blueprint), _polyaxonfiles(blueprint))


def _manifests(blueprint: Blueprint) -> Iterator[File]:
    yield manifest_file("blueprint.yaml", kubernetes.blueprint_config_map(blueprint), about=(blueprint,))
    if accounts := list(access.objects(blueprint)):
        about = (blueprint.engines.pipelines, *steps.permitted(blueprint))
        yield manifest_file("access.yaml", *accounts, about=about)


def _polyaxonfiles(blueprint: Blueprint) -> Iterator[File]:
    placed = (Part(blueprint.identity, "labels"), blueprint.place, blueprint.engines.pipelines)
    for pipeline in blueprint.pipelines:
        about = (pipeline, *placed)
        yield yaml_file(f"{conventions.COMPONENTS}/{pipeline.name}.yaml", component(blueprint, pipeline), about)
        for schedule in pipeline.schedules:
            start = scheduled(blueprint, pipeline, schedule)
            yield yaml_file(f"{conventions.SCHEDULES}/{schedule.name}.yaml", start, (schedule, *about))


RENDERER: Final = Renderer(system=render)
