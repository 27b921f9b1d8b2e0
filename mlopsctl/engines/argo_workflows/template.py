"""The WorkflowTemplate: one pipeline with everything that a run needs except its arguments.

It has no time to live: a run would inherit it, and a run that Argo CD keeps would be deleted, created again, and
train again. It has no `templateDefaults`: they would also apply to the DAG.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Parameter, Pipeline
from mlopsctl.emit.origin import about
from mlopsctl.engines.argo_workflows import access, artifacts, conventions, graph, metrics, placement, volumes
from mlopsctl.engines.argo_workflows.leaf import leaf, on_exit
from mlopsctl.engines.shared import kubernetes


def workflow_template(blueprint: Blueprint, pipeline: Pipeline, name: str = "") -> dict[str, Any]:
    """Return the pipeline as a WorkflowTemplate, under its own name unless `name` is set."""
    meta = kubernetes.metadata(
        blueprint,
        name or pipeline.name,
        conventions.COMPONENT,
        annotations={conventions.DESCRIPTION: pipeline.description},
    )
    return kubernetes.manifest(
        conventions.API_VERSION, "WorkflowTemplate", meta, spec=_spec(blueprint, pipeline, meta["labels"])
    )


def _spec(blueprint: Blueprint, pipeline: Pipeline, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "entrypoint": conventions.ENTRYPOINT,
        "onExit": conventions.ON_EXIT,
        **_arguments(pipeline.parameters),
        **access.run_as(blueprint),
        **placement.pull_secrets(pipeline),
        "securityContext": kubernetes.pod_security(),
        "workflowMetadata": {"labels": labels},
        "podMetadata": {"labels": labels},
        "activeDeadlineSeconds": pipeline.deadline,
        "synchronization": {"mutexes": [{"name": pipeline.mutex}]},
        "archiveLogs": artifacts.keeps_logs(blueprint),
        "podGC": conventions.POD_GC,
        "artifactGC": conventions.ARTIFACT_GC,
        **artifacts.reference(blueprint),
        "volumes": volumes.volumes(blueprint),
        "metrics": {"prometheus": metrics.runs(blueprint, pipeline)},
        "templates": [
            graph.main(pipeline),
            *(about((step,), leaf(blueprint, pipeline, step)) for step in pipeline.steps),
            on_exit(blueprint, pipeline),
        ],
    }


def _arguments(parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    if not parameters:
        return {}
    return {
        "arguments": {
            "parameters": [
                {"name": parameter.name, "value": parameter.default, "description": parameter.description}
                for parameter in parameters
            ]
        }
    }
