"""The bucket for files between steps, with references to its secret."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import StepOutput
from mlopsctl.emit import yaml
from mlopsctl.engines.argo_workflows import conventions
from mlopsctl.engines.shared import kubernetes

_KEY = "repository"
_PACKED = {"tar": {"compressionLevel": 0}}
_AS_IT_IS: dict[str, Any] = {"none": {}}


def output(blueprint: Blueprint, step_output: StepOutput) -> dict[str, Any]:
    """Return an output: data and models in one archive, not compressed twice; reports as they are."""
    packed = step_output.kind in ("dataset", "model")
    return {
        "name": step_output.name,
        "path": f"{blueprint.paths.outputs}/{step_output.name}",
        "archive": _PACKED if packed else _AS_IT_IS,
    }


def reference(blueprint: Blueprint) -> dict[str, Any]:
    """Return the reference to a run's repository; empty for the controller's default."""
    if not _repository(blueprint):
        return {}
    return {"artifactRepositoryRef": {"configMap": _name(blueprint), "key": _KEY}}


def keeps_logs(blueprint: Blueprint) -> bool:
    """Return whether the logs of steps are stored in the repository."""
    chosen = blueprint.engines.pipelines.settings.get("artifacts") or {}
    return not chosen.get("withoutLogs")


def config_map(blueprint: Blueprint) -> dict[str, Any] | None:
    """Return the ConfigMap with the repository's address; None for the controller's default."""
    repository = _repository(blueprint)
    if not repository:
        return None
    meta = kubernetes.metadata(blueprint, _name(blueprint), conventions.COMPONENT, wave=-1)
    return kubernetes.manifest("v1", "ConfigMap", meta, data={_KEY: yaml.dumps(repository)})


def _name(blueprint: Blueprint) -> str:
    return f"{blueprint.identity.system}-artifacts"


def _repository(blueprint: Blueprint) -> dict[str, Any]:
    chosen = blueprint.engines.pipelines.settings.get("artifacts") or {}
    place = [blueprint.place.namespace, blueprint.identity.system, "{{workflow.name}}", "{{pod.name}}"]
    if s3 := chosen.get("s3"):
        return {"s3": {**_s3(s3), "keyFormat": "/".join(place)}}
    if gcs := chosen.get("gcs"):
        return {"gcs": {**_gcs(gcs), "keyFormat": "/".join(place)}}
    return {}


def _s3(chosen: dict[str, Any]) -> dict[str, Any]:
    where: dict[str, Any] = {"bucket": chosen["bucket"], "endpoint": chosen["endpoint"]}
    if chosen.get("region"):
        where["region"] = chosen["region"]
    if chosen.get("insecure"):
        where["insecure"] = True
    if chosen.get("ca"):
        where["caSecret"] = {"name": chosen["ca"], "key": "ca.crt"}
    secret = chosen.get("secret")
    if not secret:
        return {**where, "useSDKCreds": True}
    return {
        **where,
        "accessKeySecret": {"name": secret, "key": "accessKey"},
        "secretKeySecret": {"name": secret, "key": "secretKey"},
    }


def _gcs(chosen: dict[str, Any]) -> dict[str, Any]:
    secret = chosen.get("secret")
    credentials = {"serviceAccountKeySecret": {"name": secret, "key": "serviceAccountKey"}} if secret else {}
    return {"bucket": chosen["bucket"], **credentials}
