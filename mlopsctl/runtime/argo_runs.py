"""Training runs on Argo Workflows that drift asked for: those there were, and a new one.

In: the call and the training pipeline. Out: when such runs were started; a new run's name. A run only refers to the
template, and stays a day longer than the week in which it is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mlopsctl.blueprint.model import Pipeline
from mlopsctl.runtime import cluster_api
from mlopsctl.runtime.call import Call

REASON = "mlopsctl.dev/reason"
DRIFT = "drift"
_KEPT = 8 * 24 * 3600


def starts(call: Call, pipeline: Pipeline, since: datetime) -> list[datetime]:  # noqa: ARG001 - as for every engine
    """List when runs were started for drift; the cluster forgets them soon after the moment that matters."""
    from kubernetes.client import ApiException

    system = f"mlopsctl.dev/system={call.blueprint.identity.system},{REASON}={DRIFT}"
    group, version, plural = cluster_api.WORKFLOW
    try:
        found = cluster_api.objects(call).list_namespaced_custom_object(
            group, version, call.blueprint.place.namespace, plural, label_selector=system
        )
    except ApiException as error:
        raise cluster_api.refused(call, error, "list workflows") from error
    stamps = [one["metadata"]["creationTimestamp"] for one in found["items"]]
    moments = [datetime.fromisoformat(stamp.replace("Z", "+00:00")) for stamp in stamps]
    return [moment for moment in moments if moment >= since]


def start(call: Call, pipeline: Pipeline) -> str:
    """Create the run."""
    from kubernetes.client import ApiException

    group, version, plural = cluster_api.WORKFLOW
    place = call.blueprint.place.namespace
    try:
        made = cluster_api.objects(call).create_namespaced_custom_object(
            group, version, place, plural, _workflow(call, pipeline)
        )
    except ApiException as error:
        raise cluster_api.refused(call, error, f"start {pipeline.name}") from error
    return str(made["metadata"]["name"])


def _workflow(call: Call, pipeline: Pipeline) -> Mapping[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {
            "generateName": f"{pipeline.name}-{DRIFT}-",
            "namespace": call.blueprint.place.namespace,
            "labels": {**call.blueprint.labels, REASON: DRIFT},
        },
        "spec": {"workflowTemplateRef": {"name": pipeline.name}, "ttlStrategy": {"secondsAfterCompletion": _KEPT}},
    }
