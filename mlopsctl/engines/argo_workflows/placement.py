"""Where a template's pod runs, and what it is besides its container."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.blueprint.model.pods import Pod
from mlopsctl.emit import json
from mlopsctl.engines.argo_workflows import conventions
from mlopsctl.engines.shared import pods


def of_pod(blueprint: Blueprint, pod: Pod) -> dict[str, Any]:
    """Return the fields of a template. The workflow's `podMetadata` adds the labels of all pods."""
    volumes = pods.volumes(pod)
    return {
        **pods.metadata(pod),
        **pods.account(pod),
        **pods.scheduling(pod),
        **_spread(blueprint, pod),
        **({"volumes": volumes} if volumes else {}),
    }


def pull_secrets(pipeline: Pipeline) -> dict[str, Any]:
    """Return the secrets with which the images of a workflow are pulled; a template has no field for its own."""
    everyone = [*(step.pod for step in pipeline.steps), pipeline.pod]
    return pods.pull_secrets(dict.fromkeys(name for pod in everyone for name in pod.pull_secrets))


def _spread(blueprint: Blueprint, pod: Pod) -> dict[str, Any]:
    """Return the patch with which a template spreads its pods: it has no field for it."""
    names = ("mlopsctl.dev/system", "mlopsctl.dev/environment")
    selector = {name: blueprint.labels[name] for name in names}
    constraints = pods.spread(pod, {**selector, "app.kubernetes.io/component": conventions.COMPONENT})
    return {"podSpecPatch": json.dumps(constraints)} if constraints else {}
