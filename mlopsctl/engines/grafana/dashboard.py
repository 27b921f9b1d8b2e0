"""The dashboard of one system: from what is wrong now to what may go wrong later."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.engines.grafana import alerts, conventions, objectives, reported, runs, traffic
from mlopsctl.engines.grafana.layout import Section, placed


def sections(blueprint: Blueprint) -> list[Section]:
    """Return every section, in the order of a look at it during an incident."""
    return [
        alerts.section(blueprint),
        objectives.section(blueprint),
        *traffic.sections(blueprint),
        *reported.sections(blueprint),
        runs.section(blueprint),
    ]


def dashboard(blueprint: Blueprint) -> dict[str, Any] | None:
    """Return the dashboard; None for a system that nothing can be seen of."""
    panels = placed(sections(blueprint))
    if not panels:
        return None
    identity = blueprint.identity
    return {
        "uid": uid(identity.system, identity.environment),
        "title": f"{identity.system} ({identity.environment})",
        "description": identity.description,
        "tags": ["mlopsctl", identity.workspace, identity.environment, f"tier-{identity.tier}"],
        "schemaVersion": conventions.SCHEMA,
        "editable": False,
        "graphTooltip": 1,
        "refresh": conventions.REFRESH,
        "time": conventions.FIRST_LOOK,
        "timezone": "utc",
        "templating": {"list": [conventions.variable()]},
        "annotations": {"list": []},
        "links": [_runbook(identity.runbook)] if identity.runbook else [],
        "panels": panels,
    }


def uid(system: str, environment: str) -> str:
    """Name the dashboard for good; `_` is in no name, so that no two systems share one."""
    name = f"{system}_{environment}"
    if len(name) <= conventions.LONGEST_UID:
        return name
    digest = sha256(name.encode()).hexdigest()[: conventions.HASHED]
    return f"{name[: conventions.LONGEST_UID - conventions.HASHED - 1]}_{digest}"


def _runbook(url: str) -> dict[str, Any]:
    return {
        "type": "link",
        "title": "Runbook",
        "url": url.replace("$", "%24"),
        "icon": "doc",
        "tooltip": "What to do",
        "tags": [],
        "asDropdown": False,
        "includeVars": False,
        "keepTime": False,
        "targetBlank": True,
    }
