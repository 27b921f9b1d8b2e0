"""What the pods of a notebook's steps see besides their image, through Kubeflow's PodDefault."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.engines.kale import conventions
from mlopsctl.engines.shared import kubernetes


def pod_default(blueprint: Blueprint) -> dict[str, Any]:
    """Return the object; the webhook that answers it puts the volumes into every pod with the label."""
    paths = blueprint.paths
    name = f"{blueprint.identity.system}-notebook"
    read = [(conventions.BLUEPRINT, paths.blueprint.rpartition("/")[0])]
    if blueprint.features:
        read.append((kubernetes.FEATURES, paths.features))
    room = [(conventions.WORK, paths.work), (conventions.TEMPORARY, paths.temporary)]
    spec = {
        "desc": f"what the steps of {blueprint.identity.system} read",
        "selector": {"matchLabels": {conventions.MARK: blueprint.identity.system}},
        "volumes": _volumes(blueprint),
        "volumeMounts": [
            *({"name": volume, "mountPath": path, "readOnly": True} for volume, path in read),
            *({"name": volume, "mountPath": path} for volume, path in room),
        ],
    }
    meta = kubernetes.metadata(blueprint, name, conventions.COMPONENT, wave=-1)
    return kubernetes.manifest(*conventions.POD_DEFAULT, meta, spec=spec)


def _volumes(blueprint: Blueprint) -> list[dict[str, Any]]:
    features = [{"configMap": {"name": name}} for name in blueprint.feature_maps]
    feature_source = features[0] if len(features) == 1 else {"projected": {"sources": features}}
    return [
        {"name": conventions.BLUEPRINT, "configMap": {"name": kubernetes.blueprint_name(blueprint)}},
        *([{"name": kubernetes.FEATURES, **feature_source}] if blueprint.features else []),
        {"name": conventions.WORK, "emptyDir": {}},
        {"name": conventions.TEMPORARY, "emptyDir": {}},
    ]
