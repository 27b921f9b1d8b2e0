"""The target grafana: one dashboard a system.

In: a Blueprint. Out: the dashboard as JSON, and the objects that the operator reads it from. Never a data source.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.emit import json as json_text
from mlopsctl.targets.files import manifest_file, text_file
from mlopsctl.targets.grafana import conventions
from mlopsctl.targets.grafana.dashboard import dashboard
from mlopsctl.targets.kubernetes import manifest, metadata
from mlopsctl.tree.fileset import FileSet


def render(blueprint: Blueprint) -> FileSet:
    """Render the system's dashboard; nothing where nothing can be seen."""
    made = dashboard(blueprint)
    if made is None:
        return FileSet()
    key, text = f"{made['uid']}.json", json_text.dumps(made)
    return FileSet.of(
        text_file(f"dashboards/{key}", text),
        manifest_file("dashboard.yaml", _config_map(blueprint, key, text), _reference(blueprint, made["uid"], key)),
    )


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Find a dashboard that would outgrow its ConfigMap."""
    live = blueprint.checks.live if blueprint.checks else None
    watched = len(live.drift) if live else 0
    views = len(blueprint.features.views) if blueprint.features else 0
    if watched + views <= conventions.MOST_PANELS - 100:
        return ()
    message = f"the dashboard would need a panel for each of {watched} columns and {views} views, and they do not fit"
    path = "spec.checks.live.drift" if watched >= views else "spec.features.views"
    return (codes.GRAFANA_TOO_LARGE.at(None, message, path=path),)


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
