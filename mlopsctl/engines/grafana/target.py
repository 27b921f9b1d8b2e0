"""The target grafana: one dashboard a system."""

from __future__ import annotations

from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.emit import json as json_text
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.grafana import conventions
from mlopsctl.engines.grafana.dashboard import dashboard
from mlopsctl.engines.grafana.limits import limits
from mlopsctl.engines.shared.files import manifest_file, text_file
from mlopsctl.engines.shared.kubernetes import manifest, metadata
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's dashboard; nothing where nothing can be seen."""
    body = dashboard(blueprint)
    if body is None:
        return FileSet()
    key, text = f"{body['uid']}.json", json_text.dumps(body)
    about = (blueprint.identity, blueprint.engines.dashboards)
    return FileSet.of(
        text_file(f"dashboards/{key}", text, about),
        manifest_file(
            "dashboard.yaml", _config_map(blueprint, key, text), _reference(blueprint, body["uid"], key), about=about
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
            "instanceSelector": {"matchLabels": dict(settings["labels"] or {})},
            "allowCrossNamespaceImport": True,
            "folder": settings["folder"],
            "uid": uid,
            "resyncPeriod": conventions.RESYNC,
            "configMapRef": {"name": _name(blueprint), "key": key},
        },
    )


RENDERER: Final = Renderer(system=render)
