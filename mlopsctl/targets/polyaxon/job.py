"""A step as a job: the container that does it, what is put there before, what it sees besides its image.

In: a blueprint, a pipeline and a step. Out: parts of a Polyaxonfile. Never a shell, never a template but our own.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, EnvironmentVariable, Pipeline, Step, StepParameter
from mlopsctl.targets import kubernetes, steps
from mlopsctl.targets.polyaxon import access, conventions


def job(blueprint: Blueprint, pipeline: Pipeline, step: Step, labels: dict[str, str]) -> dict[str, Any]:
    """Return what runs the step."""
    return {
        "kind": "job",
        "environment": {
            "labels": labels,
            **access.runs_as(blueprint, step),
            "securityContext": _user(),
            # A pod that is started again in its place could not be told apart by how it ended.
            "restartPolicy": "Never",
        },
        "volumes": _volumes(blueprint),
        **_init(blueprint, step),
        "container": {
            "image": pipeline.image,
            "command": steps.PROGRAM,
            "args": steps.arguments(blueprint, pipeline, step, _places(blueprint, step)),
            # The image's own home cannot be written: libraries put their caches where this points.
            "env": [{"name": "HOME", "value": blueprint.paths.temporary}, *map(_variable, step.environment)],
            "resources": kubernetes.resources(step.resources),
            "securityContext": kubernetes.container_security(),
            "volumeMounts": _mounts(blueprint),
        },
    }


def before(step: Step) -> list[str]:
    """List the steps whose files this one takes, each once; a text that a step left is a file of it, too."""
    takes = [*(one.step for one in step.inputs), *(one.step for one in step.parameters if one.step)]
    return list(dict.fromkeys(takes))


def _places(blueprint: Blueprint, step: Step) -> steps.Places:
    origin = {one.name: f"{one.step}/{one.output}" for one in step.inputs}
    return steps.Places(
        taken=lambda name: f"{blueprint.paths.inputs}/{origin[name]}",
        made=lambda name: f"{conventions.OUTPUTS}/{name}",
        left=lambda name: f"{conventions.OUTPUTS}/{conventions.PARAMETERS}/{name}",
        value=_value,
        read=lambda one: f"{blueprint.paths.inputs}/{one.step}/{conventions.PARAMETERS}/{one.output}",
    )


def _value(parameter: StepParameter) -> str:
    if parameter.value is not None:
        return parameter.value
    return conventions.template(conventions.variable(parameter.name))


def _init(blueprint: Blueprint, step: Step) -> dict[str, Any]:
    """Fetch what other steps made, each to a folder of its step's name.

    Without a connection it is the artifacts store of the installation, to which Polyaxon brought the outputs.
    """
    wanted = [(one.step, one.output) for one in step.inputs]
    wanted += [(one.step, f"{conventions.PARAMETERS}/{one.output}") for one in step.parameters if one.step]
    if not wanted:
        return {}
    paths = [
        [f"{conventions.template(conventions.outputs_of(origin))}/{path}", f"{origin}/{path}"]
        for origin, path in dict.fromkeys(wanted)
    ]
    return {"init": [{"paths": paths, "path": blueprint.paths.inputs}]}


def _user() -> dict[str, Any]:
    """Return the pod's security, in the fields that an environment has."""
    return {name: value for name, value in kubernetes.pod_security(conventions.USER).items() if name != "fsGroup"}


def _volumes(blueprint: Blueprint) -> list[dict[str, Any]]:
    features = [{"configMap": {"name": name}} for name in blueprint.feature_maps]
    shown = features[0] if len(features) == 1 else {"projected": {"sources": features}}
    return [
        {"name": conventions.BLUEPRINT, "configMap": {"name": kubernetes.blueprint_name(blueprint)}},
        *([{"name": kubernetes.FEATURES, **shown}] if blueprint.features else []),
        {"name": conventions.WORK, "emptyDir": {}},
        {"name": conventions.TEMPORARY, "emptyDir": {}},
    ]


def _mounts(blueprint: Blueprint) -> list[dict[str, Any]]:
    paths = blueprint.paths
    read = [(conventions.BLUEPRINT, paths.blueprint.rpartition("/")[0])]
    if blueprint.features:
        read.append((kubernetes.FEATURES, paths.features))
    return [
        *({"name": name, "mountPath": path, "readOnly": True} for name, path in read),
        {"name": conventions.WORK, "mountPath": paths.work},
        {"name": conventions.TEMPORARY, "mountPath": paths.temporary},
    ]


def _variable(one: EnvironmentVariable) -> dict[str, Any]:
    if one.secret is None:
        return {"name": one.name, "value": one.value or ""}
    return {"name": one.name, "valueFrom": {"secretKeyRef": {"name": one.secret, "key": one.key}}}
