"""Files that steps hand to each other, and the bucket they pass through.

In: a blueprint. Out: the repository's ConfigMap, the reference to it, and a step's output. Never a
credential: only the names of the secret and of its keys.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, StepOutput
from mlopsctl.emit import yaml
from mlopsctl.targets import kubernetes
from mlopsctl.targets.argo_workflows import conventions

_KEY = "repository"
_PACKED = {"tar": {"compressionLevel": 0}}
_AS_IT_IS: dict[str, Any] = {"none": {}}


def output(blueprint: Blueprint, made: StepOutput) -> dict[str, Any]:
    """Return an output: data and models in one archive, not compressed twice; reports as they are."""
    packed = made.kind in ("dataset", "model")
    return {
        "name": made.name,
        "path": f"{blueprint.paths.outputs}/{made.name}",
        "archive": _PACKED if packed else _AS_IT_IS,
    }


def reference(blueprint: Blueprint) -> dict[str, Any]:
    """Return which repository a run uses; nothing where it is the controller's default."""
    if not _repository(blueprint):
        return {}
    return {"artifactRepositoryRef": {"configMap": _name(blueprint), "key": _KEY}}


def config_map(blueprint: Blueprint) -> dict[str, Any] | None:
    """Return the ConfigMap that says where the repository is; None where it is the controller's default."""
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
    where = {"bucket": chosen["bucket"], "endpoint": chosen["endpoint"]}
    if chosen.get("region"):
        where["region"] = chosen["region"]
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
