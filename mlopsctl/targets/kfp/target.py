"""The target kfp: a system's pipelines as versions, and what starts them.

In: a blueprint. Out: files below `manifests/` and `ir/`, and what the engine cannot do. Never a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.emit import yaml
from mlopsctl.targets import kubernetes
from mlopsctl.targets.files import manifest_file, text_file
from mlopsctl.targets.kfp import access, conventions, starts
from mlopsctl.targets.kfp.limits import limits, limits_shared
from mlopsctl.targets.kfp.revision import Revision, pipeline_object, revisions, version_object
from mlopsctl.tree.fileset import File, FileSet

__all__ = ["limits", "limits_shared", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's pipelines; nothing where it has none."""
    if not blueprint.pipelines:
        return FileSet()
    made = revisions(blueprint)
    return FileSet.of(_common(blueprint), _pipelines(blueprint, made), (_ir(one) for one in made))


def _common(blueprint: Blueprint) -> Iterator[File]:
    yield manifest_file("blueprint.yaml", kubernetes.blueprint_config_map(blueprint))
    if accounts := list(access.objects(blueprint)):
        yield manifest_file("access.yaml", *accounts)


def _pipelines(blueprint: Blueprint, made: list[Revision]) -> Iterator[File]:
    """Yield one file a purpose: a system may have several rollouts."""
    files: dict[str, list[dict[str, Any]]] = {}
    for revision in made:
        pipeline = revision.pipeline
        objects = files.setdefault(pipeline.purpose, [])
        objects += (pipeline_object(blueprint, pipeline), version_object(blueprint, revision))
        objects += (starts.cron_job(blueprint, revision, schedule) for schedule in pipeline.schedules)
        if pipeline.on_change:
            objects.append(starts.job_on_change(blueprint, revision, pipeline.on_change))
    return (manifest_file(f"{purpose}.yaml", *objects) for purpose, objects in files.items())


def _ir(revision: Revision) -> File:
    """Return the pipeline as a file of two documents, as the API takes an upload."""
    return text_file(f"{conventions.IR}/{revision.pipeline.name}.yaml", yaml.dump_all((revision.ir, revision.platform)))
