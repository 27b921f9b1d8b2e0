"""`request-training`: start a training run because the inputs drifted, but not too often.

In: the parameters `drifted`, `cooldown` (seconds) and `max-per-week`. Out: a new run of the training pipeline in the
cluster, or a word on why there is none. The runs themselves are the memory of when the last one was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mlopsctl.blueprint.model import Pipeline
from mlopsctl.runtime import cluster_api
from mlopsctl.runtime.call import Broken, Call

REASON = "mlopsctl.dev/reason"
DRIFT = "drift"
WEEK = timedelta(days=7)
_KEPT = 8 * 24 * 3600
"""Seconds a finished run stays: a day longer than the week in which they are counted."""


def run(call: Call) -> None:
    """Start a run where drift asks for one and the limits allow it."""
    if call.parameter("drifted") != "true":
        call.log.say("the inputs have not drifted: no training is needed")
        return
    if call.blueprint.engines.pipelines.name != "argo-workflows":
        engine = call.blueprint.engines.pipelines.name
        raise Broken(f"{engine} cannot start a run from a run", "spec.model.retrain.onDrift")
    pipeline = next((one for one in call.blueprint.pipelines if one.purpose == "train"), None)
    if pipeline is None:
        raise Broken("this system has no training pipeline", "spec.model")
    api = cluster_api.objects(call)
    why_not = too_soon(call.now, _starts(call, api), _number(call, "cooldown"), _number(call, "max-per-week"))
    if why_not:
        call.log.say(f"the inputs drifted, and no training is started: {why_not}")
        return
    call.log.say(f"the inputs drifted: {_start(call, api, pipeline)} is started")


def too_soon(now: datetime, starts: list[datetime], cooldown: int, most: int) -> str:
    """Tell why no run may start now; empty when one may."""
    within = [start for start in starts if now - start < WEEK]
    if within and now - max(within) < timedelta(seconds=cooldown):
        return f"the last such run started at {max(within).isoformat()}, less than {cooldown} seconds ago"
    if len(within) >= most:
        return f"{len(within)} such runs started in the last seven days, and {most} are allowed"
    return ""


def _number(call: Call, name: str) -> int:
    text = call.parameter(name)
    if not text.isdecimal():
        raise Broken(f"{name} is `{text}`, and not a whole number")
    return int(text)


def _labels(call: Call) -> Mapping[str, str]:
    return {**call.blueprint.labels, REASON: DRIFT}


def _starts(call: Call, api: Any) -> list[datetime]:
    """List when runs were started for drift."""
    from kubernetes.client import ApiException

    system = f"mlopsctl.dev/system={call.blueprint.identity.system},{REASON}={DRIFT}"
    group, version, plural = cluster_api.WORKFLOW
    try:
        found = api.list_namespaced_custom_object(
            group, version, call.blueprint.place.namespace, plural, label_selector=system
        )
    except ApiException as error:
        raise cluster_api.refused(call, error, "list workflows") from error
    stamps = [one["metadata"]["creationTimestamp"] for one in found["items"]]
    return [datetime.fromisoformat(stamp.replace("Z", "+00:00")) for stamp in stamps]


def _start(call: Call, api: Any, pipeline: Pipeline) -> str:
    """Create the run, which only refers to the template."""
    from kubernetes.client import ApiException

    place = call.blueprint.place.namespace
    body = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": f"{pipeline.name}-{DRIFT}-", "namespace": place, "labels": dict(_labels(call))},
        "spec": {
            "workflowTemplateRef": {"name": pipeline.name},
            "ttlStrategy": {"secondsAfterCompletion": _KEPT},
        },
    }
    group, version, plural = cluster_api.WORKFLOW
    try:
        made = api.create_namespaced_custom_object(group, version, place, plural, body)
    except ApiException as error:
        raise cluster_api.refused(call, error, f"start {pipeline.name}") from error
    return str(made["metadata"]["name"])
