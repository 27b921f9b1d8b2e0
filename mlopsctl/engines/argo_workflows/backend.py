"""Training runs on Argo Workflows started by drift: list them, and create one.

A run refers to the template, and is kept a day longer than the week of the run limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.runtime.backends import cluster_api
from mlopsctl.runtime.step_context import StepContext

REASON = "mlopsctl.dev/reason"
DRIFT = "drift"
_TTL_SECONDS = 8 * 24 * 3600


def starts(step_context: StepContext, pipeline: Pipeline, since: datetime) -> list[datetime]:  # noqa: ARG001 - as for every engine
    """List the start times of runs for drift; the cluster deletes them soon after the limit's week."""
    from kubernetes.client import ApiException

    system = f"mlopsctl.dev/system={step_context.blueprint.identity.system},{REASON}={DRIFT}"
    group, version, plural = cluster_api.WORKFLOW
    try:
        workflows = cluster_api.objects(step_context).list_namespaced_custom_object(
            group, version, step_context.blueprint.place.namespace, plural, label_selector=system
        )
    except ApiException as error:
        raise cluster_api.api_failure(step_context, error, "list workflows") from error
    stamps = [item["metadata"]["creationTimestamp"] for item in workflows["items"]]
    moments = [datetime.fromisoformat(stamp.replace("Z", "+00:00")) for stamp in stamps]
    return [moment for moment in moments if moment >= since]


def start(step_context: StepContext, pipeline: Pipeline) -> str:
    """Create the run."""
    from kubernetes.client import ApiException

    group, version, plural = cluster_api.WORKFLOW
    place = step_context.blueprint.place.namespace
    try:
        created = cluster_api.objects(step_context).create_namespaced_custom_object(
            group, version, place, plural, _workflow(step_context, pipeline)
        )
    except ApiException as error:
        raise cluster_api.api_failure(step_context, error, f"start {pipeline.name}") from error
    return str(created["metadata"]["name"])


def _workflow(step_context: StepContext, pipeline: Pipeline) -> Mapping[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {
            "generateName": f"{pipeline.name}-{DRIFT}-",
            "namespace": step_context.blueprint.place.namespace,
            "labels": {**step_context.blueprint.labels, REASON: DRIFT},
        },
        "spec": {
            "workflowTemplateRef": {"name": pipeline.name},
            "ttlStrategy": {"secondsAfterCompletion": _TTL_SECONDS},
        },
    }
