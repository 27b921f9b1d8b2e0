"""What every container sees besides its image: the Blueprint, the feature project, room to work."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.engines.argo_workflows import conventions
from mlopsctl.engines.shared import kubernetes


def volumes(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Return the volumes; an empty one is new for each pod."""
    return [
        {"name": conventions.BLUEPRINT, "configMap": {"name": kubernetes.blueprint_name(blueprint)}},
        *([{"name": kubernetes.FEATURES, **_features(blueprint.feature_maps)}] if blueprint.features else []),
        {"name": conventions.WORK, "emptyDir": {}},
        {"name": conventions.TEMPORARY, "emptyDir": {}},
    ]


def _features(config_maps: tuple[str, ...]) -> dict[str, Any]:
    """Return the feature project's volume: one ConfigMap, or several projected into one folder."""
    if len(config_maps) == 1:
        return {"configMap": {"name": config_maps[0]}}
    return {"projected": {"sources": [{"configMap": {"name": name}} for name in config_maps]}}


def mounts(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Return the mounts of a container; the rest of its file system is read-only."""
    paths = blueprint.paths
    read = [(conventions.BLUEPRINT, paths.blueprint.rpartition("/")[0])]
    if blueprint.features:
        read.append((kubernetes.FEATURES, paths.features))
    return [
        *({"name": name, "mountPath": path, "readOnly": True} for name, path in read),
        {"name": conventions.WORK, "mountPath": paths.work},
        {"name": conventions.TEMPORARY, "mountPath": paths.temporary},
    ]
