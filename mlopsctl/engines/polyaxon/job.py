"""A step as a job: its container, downloaded files and mounts; no shell is used."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline, Step, StepParameter
from mlopsctl.engines.polyaxon import access, conventions
from mlopsctl.engines.shared import kubernetes, pods, steps


def job(blueprint: Blueprint, pipeline: Pipeline, step: Step, labels: dict[str, str]) -> dict[str, Any]:
    """Return what runs the step."""
    return {
        "kind": "job",
        "environment": {
            "labels": {**pods.labels(step.pod), **labels},
            **({"annotations": dict(step.pod.annotations)} if step.pod.annotations else {}),
            **pods.account(step.pod),
            **access.runs_as(blueprint, step),
            **({"imagePullSecrets": list(step.pod.pull_secrets)} if step.pod.pull_secrets else {}),
            **pods.scheduling(step.pod),
            "securityContext": _user(),
            # A pod that is started again in its place could not be told apart by how it ended.
            "restartPolicy": "Never",
        },
        "volumes": [*_volumes(blueprint), *pods.volumes(step.pod)],
        **_init(blueprint, step),
        "container": {
            "image": pipeline.image,
            "command": steps.PROGRAM,
            "args": steps.arguments(blueprint, pipeline, step, _places(blueprint, step)),
            # The image's own home cannot be written: libraries put their caches where this points.
            "env": [
                {"name": "HOME", "value": blueprint.paths.temporary},
                *map(kubernetes.variable, step.environment),
                *pods.variables(step.pod),
            ],
            "resources": kubernetes.resources(step.resources),
            "securityContext": kubernetes.container_security(),
            "volumeMounts": [*_mounts(blueprint), *pods.mounts(step.pod)],
        },
    }


def before(step: Step) -> list[str]:
    """List the steps whose files this one takes, each once; a text that a step left is a file of it, too."""
    takes = [
        *(input_.step for input_ in step.inputs),
        *(parameter.step for parameter in step.parameters if parameter.step),
    ]
    return list(dict.fromkeys(takes))


def _places(blueprint: Blueprint, step: Step) -> steps.Places:
    origin = {input_.name: f"{input_.step}/{input_.output}" for input_ in step.inputs}
    return steps.Places(
        input_path=lambda name: f"{blueprint.paths.inputs}/{origin[name]}",
        output_path=lambda name: f"{conventions.OUTPUTS}/{name}",
        parameter_path=lambda name: f"{conventions.OUTPUTS}/{conventions.PARAMETERS}/{name}",
        value=_value,
        parameter_file=lambda parameter: (
            f"{blueprint.paths.inputs}/{parameter.step}/{conventions.PARAMETERS}/{parameter.output}"
        ),
    )


def _value(parameter: StepParameter) -> str:
    if parameter.value is not None:
        return parameter.value
    return conventions.template(conventions.variable(parameter.name))


def _init(blueprint: Blueprint, step: Step) -> dict[str, Any]:
    """Fetch what other steps made, each to a folder of its step's name.

    Without a connection it is the artifacts store of the installation, to which Polyaxon brought the outputs.
    """
    fetched = [(input_.step, input_.output) for input_ in step.inputs]
    fetched += [
        (parameter.step, f"{conventions.PARAMETERS}/{parameter.output}")
        for parameter in step.parameters
        if parameter.step
    ]
    if not fetched:
        return {}
    paths = [
        [f"{conventions.template(conventions.outputs_of(origin))}/{path}", f"{origin}/{path}"]
        for origin, path in dict.fromkeys(fetched)
    ]
    return {"init": [{"paths": paths, "path": blueprint.paths.inputs}]}


def _user() -> dict[str, Any]:
    """Return the pod's security, in the fields that an environment has."""
    return {name: value for name, value in kubernetes.pod_security(conventions.USER).items() if name != "fsGroup"}


def _volumes(blueprint: Blueprint) -> list[dict[str, Any]]:
    features = [{"configMap": {"name": name}} for name in blueprint.feature_maps]
    feature_source = features[0] if len(features) == 1 else {"projected": {"sources": features}}
    return [
        {"name": conventions.BLUEPRINT, "configMap": {"name": kubernetes.blueprint_name(blueprint)}},
        *([{"name": kubernetes.FEATURES, **feature_source}] if blueprint.features else []),
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
