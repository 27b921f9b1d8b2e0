"""What every container sees besides its image: the Blueprint, the feature project, room to work.

In: a blueprint. Out: a run's volumes, and where each step mounts them. Never a volume that outlives its pod.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.targets import kubernetes
from mlopsctl.targets.argo_workflows import conventions


def volumes(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Return the volumes; an empty one is a new one for each pod."""
    configured = [(conventions.BLUEPRINT, kubernetes.blueprint_name(blueprint))]
    if blueprint.features:
        configured.append((kubernetes.FEATURES, kubernetes.FEATURES))
    return [
        *({"name": name, "configMap": {"name": config_map}} for name, config_map in configured),
        {"name": conventions.WORK, "emptyDir": {}},
        {"name": conventions.TEMPORARY, "emptyDir": {}},
    ]


def mounts(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Return where a container finds them; all else of its file system is read-only."""
    paths = blueprint.paths
    read = [(conventions.BLUEPRINT, paths.blueprint.rpartition("/")[0])]
    if blueprint.features:
        read.append((kubernetes.FEATURES, paths.features))
    return [
        *({"name": name, "mountPath": path, "readOnly": True} for name, path in read),
        {"name": conventions.WORK, "mountPath": paths.work},
        {"name": conventions.TEMPORARY, "mountPath": paths.temporary},
    ]
