"""The target kfp: a system's pipelines as versions, and what starts them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.emit import yaml
from mlopsctl.emit.origin import about
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.kfp import access, conventions, starts
from mlopsctl.engines.kfp.limits import limits, limits_shared
from mlopsctl.engines.kfp.revision import Revision, pipeline_object, revisions, version_object
from mlopsctl.engines.shared import kubernetes, steps
from mlopsctl.engines.shared.files import manifest_file, text_file
from mlopsctl.tree.fileset import File, FileSet

__all__ = ["RENDERER", "limits", "limits_shared", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's pipelines; nothing where it has none."""
    if not blueprint.pipelines:
        return FileSet()
    all_revisions = revisions(blueprint)
    return FileSet.of(
        _common(blueprint), _pipelines(blueprint, all_revisions), (_ir(revision) for revision in all_revisions)
    )


def _common(blueprint: Blueprint) -> Iterator[File]:
    yield manifest_file("blueprint.yaml", kubernetes.blueprint_config_map(blueprint), about=(blueprint,))
    if accounts := list(access.objects(blueprint)):
        about = (blueprint.engines.pipelines, *steps.permitted(blueprint))
        yield manifest_file("access.yaml", *accounts, about=about)


def _pipelines(blueprint: Blueprint, all_revisions: list[Revision]) -> Iterator[File]:
    """Yield one file a purpose: a system may have several rollouts."""
    files: dict[str, list[dict[str, Any]]] = {}
    for revision in all_revisions:
        pipeline = revision.pipeline
        objects = files.setdefault(pipeline.purpose, [])
        objects.append(about((pipeline,), pipeline_object(blueprint, pipeline)))
        objects.append(about(revision.about, version_object(blueprint, revision)))
        objects += (
            about((schedule, *revision.about), starts.cron_job(blueprint, revision, schedule))
            for schedule in pipeline.schedules
        )
        if run := pipeline.on_change:
            objects.append(about((run, *revision.about), starts.job_on_change(blueprint, revision, run)))
    engine = (blueprint.engines.pipelines,)
    return (manifest_file(f"{purpose}.yaml", *objects, about=engine) for purpose, objects in files.items())


def _ir(revision: Revision) -> File:
    """Return the pipeline as a file of two documents, as the API takes an upload."""
    text = yaml.dump_all((revision.ir, revision.platform))
    return text_file(f"{conventions.IR}/{revision.pipeline.name}.yaml", text, about=revision.about)


RENDERER: Final = Renderer(system=render)
