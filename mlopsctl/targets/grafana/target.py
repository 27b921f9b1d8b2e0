"""The target grafana: one dashboard a system.

In: a Blueprint. Out: the dashboard as JSON, and the objects that the operator reads it from. Never a data source.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.emit import json as json_text
from mlopsctl.targets.files import manifest_file, text_file
from mlopsctl.targets.grafana import conventions
from mlopsctl.targets.grafana.dashboard import dashboard
from mlopsctl.targets.grafana.limits import limits
from mlopsctl.targets.kubernetes import manifest, metadata
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's dashboard; nothing where nothing can be seen."""
    made = dashboard(blueprint)
    if made is None:
        return FileSet()
    key, text = f"{made['uid']}.json", json_text.dumps(made)
    about = (blueprint.identity, blueprint.engines.dashboards)
    return FileSet.of(
        text_file(f"dashboards/{key}", text, about),
        manifest_file(
            "dashboard.yaml", _config_map(blueprint, key, text), _reference(blueprint, made["uid"], key), about=about
        ),
    )


def _name(blueprint: Blueprint) -> str:
    return f"{blueprint.identity.system}-dashboard"


def _config_map(blueprint: Blueprint, key: str, text: str) -> dict[str, Any]:
    meta = metadata(blueprint, _name(blueprint), conventions.COMPONENT, wave=-1)
    return manifest("v1", "ConfigMap", meta, data={key: text})


def _reference(blueprint: Blueprint, uid: str, key: str) -> dict[str, Any]:
    """Return the operator's object: which Grafana shows the dashboard, in which folder."""
    settings = blueprint.engines.dashboards.settings
    meta = metadata(blueprint, blueprint.identity.system, conventions.COMPONENT, wave=conventions.WAVE)
    return manifest(
        conventions.API_VERSION,
        "GrafanaDashboard",
        meta,
        spec={
            "instanceSelector": {"matchLabels": dict(settings["labels"])},
            "allowCrossNamespaceImport": True,
            "folder": settings["folder"],
            "uid": uid,
            "resyncPeriod": conventions.RESYNC,
            "configMapRef": {"name": _name(blueprint), "key": key},
        },
    )
