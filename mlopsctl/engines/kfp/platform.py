"""What Kubernetes must know of a pipeline besides its graph: mounts, secrets, users, labels, time limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline, Step
from mlopsctl.blueprint.model.pods import EnvironmentVariable, Pod
from mlopsctl.emit.origin import about
from mlopsctl.engines.kfp import conventions, placement
from mlopsctl.engines.kfp.components import executor
from mlopsctl.engines.known import supports
from mlopsctl.engines.shared import kubernetes, pods


def platform_spec(blueprint: Blueprint, pipeline: Pipeline, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the platform's part; a server takes only the fields of its own version."""
    common = {**_volumes(blueprint), **_identity(blueprint)}
    executors = {executor(step): about((step,), _executor(step, common, labels)) for step in pipeline.steps}
    platform: dict[str, Any] = {"deploymentSpec": {"executors": executors}}
    if _can(blueprint, "deadline"):
        platform["pipelineConfig"] = {"activeDeadlineSeconds": pipeline.deadline}
    return {"platforms": {"kubernetes": platform}}


def _can(blueprint: Blueprint, ability: str) -> bool:
    engine = blueprint.engines.pipelines
    return bool(supports("pipelines", engine.name, engine.version, ability))


def _executor(step: Step, common: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    asking = conventions.ASKS_FOR_TOKEN if "start-pipeline" in step.permissions else {}
    return {
        # The field is a 64-bit number, which JSON carries as text.
        "activeDeadlineSeconds": str(step.timeout),
        **_secrets((*step.environment, *step.pod.environment)),
        **_with_volumes(common, step.pod),
        **placement.of_pod(step.pod),
        "podMetadata": {
            "labels": {**pods.labels(step.pod), **labels, **asking},
            **({"annotations": dict(step.pod.annotations)} if step.pod.annotations else {}),
        },
    }


def _with_volumes(common: Mapping[str, Any], pod: Pod) -> dict[str, Any]:
    """Return what all steps see with the volumes of one: each kind of volume is a list."""
    fields: dict[str, Any] = dict(common)
    for field, mount in placement.mounts(pod):
        fields[field] = [*fields.get(field, ()), mount]
    return fields


def _volumes(blueprint: Blueprint) -> dict[str, Any]:
    """Mount the Blueprint and the feature project, and give room to work: the user may write nowhere else."""
    paths = blueprint.paths
    read = [(kubernetes.blueprint_name(blueprint), paths.blueprint.rpartition("/")[0])]
    if blueprint.features:
        # KFP mounts no two ConfigMaps as one folder; a project that needs several is a finding of this target.
        read.append((blueprint.feature_maps[0], paths.features))
    room = [(conventions.WORK, paths.work), (conventions.TEMPORARY, paths.temporary)]
    return {
        "configMapAsVolume": [{"configMapName": name, "mountPath": path} for name, path in read],
        "emptyDirMounts": [{"volumeName": name, "mountPath": path} for name, path in room],
    }


def _identity(blueprint: Blueprint) -> dict[str, Any]:
    if not _can(blueprint, "run-as-user"):
        return {}
    user = conventions.USER
    return {"securityContext": {"runAsUser": user, "runAsGroup": user, "runAsNonRoot": True}}


def _secrets(environment: tuple[EnvironmentVariable, ...]) -> dict[str, Any]:
    """Return the variables that secrets hold, one entry a secret."""
    by_secret: dict[str, list[dict[str, str | None]]] = {}
    for variable in environment:
        if variable.secret is not None:
            by_secret.setdefault(variable.secret, []).append({"secretKey": variable.key, "envVar": variable.name})
    if not by_secret:
        return {}
    return {"secretAsEnv": [{"secretName": name, "keyToEnv": keys} for name, keys in by_secret.items()]}
