"""A pipeline and a version of its content.

Versions are immutable on the server, so changed content gets a new name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.blueprint.model.pipelines import Pipeline, Step
from mlopsctl.emit.origin import Pieces, about
from mlopsctl.engines.kfp import access, components, conventions, graph
from mlopsctl.engines.kfp.platform import platform_spec
from mlopsctl.engines.shared import kubernetes


class Revision(NamedTuple):
    """One content of a pipeline: its name, its intermediate representation, and the platform's part of it.

    It is about the pipeline, about the labels of its pods, and where it starts training about that, too.
    """

    name: str
    pipeline: Pipeline
    ir: dict[str, Any]
    platform: dict[str, Any]
    about: Pieces


def revisions(blueprint: Blueprint) -> list[Revision]:
    """Return the pipelines in their order; one that starts training names the version of training it starts."""
    train = next((pipeline for pipeline in blueprint.pipelines if pipeline.purpose == "train"), None)
    started = _revision(blueprint, train, {}) if train else None
    variables: dict[str, str] = {}
    if started:
        variables[conventions.START_VERSION] = started.name
        variables[conventions.START_ACCOUNT] = access.run_account(blueprint, started.pipeline)
    return [
        started if started and pipeline is train else _revision(blueprint, pipeline, variables, train)
        for pipeline in blueprint.pipelines
    ]


def pipeline_object(blueprint: Blueprint, pipeline: Pipeline) -> dict[str, Any]:
    """Return the Pipeline, of which there are versions."""
    meta = kubernetes.metadata(blueprint, pipeline.name, conventions.COMPONENT)
    spec = {"displayName": pipeline.name, "description": pipeline.description}
    return kubernetes.manifest(conventions.API_VERSION, "Pipeline", meta, spec=spec)


def version_object(blueprint: Blueprint, revision: Revision) -> dict[str, Any]:
    """Return the version. It outlives its file in Git: runs refer to it."""
    notes = {kubernetes.SYNC_OPTIONS: conventions.KEEP, conventions.COMPARE: conventions.KEPT_IS_FINE}
    meta = kubernetes.metadata(blueprint, revision.name, conventions.COMPONENT, wave=1, annotations=notes)
    spec = {
        "pipelineName": revision.pipeline.name,
        "displayName": revision.name,
        "pipelineSpec": revision.ir,
        "platformSpec": revision.platform,
    }
    return kubernetes.manifest(conventions.API_VERSION, "PipelineVersion", meta, spec=spec)


def _revision(
    blueprint: Blueprint, pipeline: Pipeline, variables: Mapping[str, str], train: Pipeline | None = None
) -> Revision:
    labels = kubernetes.metadata(blueprint, pipeline.name, conventions.COMPONENT)["labels"]
    ir = _ir(blueprint, pipeline, variables)
    platform = platform_spec(blueprint, pipeline, labels)
    content = json.dumps((pipeline.hash, ir, platform), sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(content.encode()).hexdigest()[: conventions.HASH_LENGTH]
    starts = train and any("start-pipeline" in step.permissions for step in pipeline.steps)
    about = (pipeline, Part(blueprint.identity, "labels"), blueprint.place, *((train,) if starts else ()))
    return Revision(f"{pipeline.name}-{digest}", pipeline, ir, platform, about)


def _ir(blueprint: Blueprint, pipeline: Pipeline, variables: Mapping[str, str]) -> dict[str, Any]:
    kinds = components.kinds(pipeline)

    def own(step: Step) -> Mapping[str, str]:
        return variables if "start-pipeline" in step.permissions else {}

    executors = {
        components.executor(step): about((step,), components.container(blueprint, pipeline, step, own(step)))
        for step in pipeline.steps
    }
    return {
        "schemaVersion": conventions.SCHEMA_VERSION,
        "sdkVersion": conventions.SDK,
        "pipelineInfo": {"name": pipeline.name, "description": pipeline.description},
        "root": graph.root(pipeline),
        "components": {components.component(step): components.definition(step, kinds) for step in pipeline.steps},
        "deploymentSpec": {"executors": executors},
    }
