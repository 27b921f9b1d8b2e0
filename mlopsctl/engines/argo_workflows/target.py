"""The target argo-workflows: a system's pipelines as templates, schedules and runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.emit.origin import about
from mlopsctl.engines.argo_workflows import access, artifacts, runs
from mlopsctl.engines.argo_workflows.limits import limits
from mlopsctl.engines.argo_workflows.template import workflow_template
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.shared import kubernetes, steps
from mlopsctl.engines.shared.files import RUNS, manifest_file
from mlopsctl.tree.fileset import File, FileSet

__all__ = ["RENDERER", "limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's pipelines; nothing if it has none."""
    if not blueprint.pipelines:
        return FileSet()
    return FileSet.of(_common(blueprint), _pipelines(blueprint), _runs(blueprint))


def _common(blueprint: Blueprint) -> Iterator[File]:
    yield manifest_file("blueprint.yaml", kubernetes.blueprint_config_map(blueprint), about=(blueprint,))
    engine = blueprint.engines.pipelines
    if (repository := artifacts.config_map(blueprint)) is not None:
        yield manifest_file("artifacts.yaml", repository, about=(engine,))
    if accounts := access.objects(blueprint):
        yield manifest_file("access.yaml", *accounts, about=(engine, *steps.permitted(blueprint)))


def _pipelines(blueprint: Blueprint) -> Iterator[File]:
    """Yield one file a purpose: a system may have several rollouts."""
    files: dict[str, list[dict[str, Any]]] = {}
    for pipeline in blueprint.pipelines:
        objects = files.setdefault(pipeline.purpose, [])
        objects.append(about((pipeline,), workflow_template(blueprint, pipeline)))
        objects += (
            about((schedule,), runs.cron_workflow(blueprint, pipeline, schedule)) for schedule in pipeline.schedules
        )
    engine = (blueprint.engines.pipelines,)
    return (manifest_file(f"{purpose}.yaml", *objects, about=engine) for purpose, objects in files.items())


def _runs(blueprint: Blueprint) -> Iterator[File]:
    for pipeline in blueprint.pipelines:
        if pipeline.on_change:
            objects = runs.run_on_change(blueprint, pipeline, pipeline.on_change)
            about = (pipeline.on_change, pipeline, blueprint.engines.pipelines)
            yield manifest_file(f"{pipeline.on_change.name}.yaml", *objects, folder=RUNS, about=about)


RENDERER: Final = Renderer(system=render)
