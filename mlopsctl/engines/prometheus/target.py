"""Render Prometheus rules, their unit tests, monitors and notification routes."""

from __future__ import annotations

from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.metrics import Monitor
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.emit.origin import about
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.prometheus.cases.file import test_documents
from mlopsctl.engines.prometheus.conventions import COMPONENT, OPERATOR, RULE_API, WAVE
from mlopsctl.engines.prometheus.groups import rule_groups
from mlopsctl.engines.prometheus.limits import limits
from mlopsctl.engines.prometheus.monitors import monitor, scrape_config
from mlopsctl.engines.prometheus.notifications import alertmanager_config, alertmanager_file
from mlopsctl.engines.shared.files import manifest_file, yaml_file
from mlopsctl.engines.shared.kubernetes import manifest, metadata
from mlopsctl.tree.fileset import File, FileSet

__all__ = ["RENDERER", "limits", "render", "render_shared"]

_RULES = "rules.yaml"


def render(blueprint: Blueprint) -> FileSet:
    """Return the files of one system."""
    groups = rule_groups(blueprint)
    files = _scraping(blueprint, blueprint.monitors)
    if groups:
        rules = {"groups": groups}
        about = (blueprint.engines.monitoring,)
        files.append(yaml_file(f"rules/{_RULES}", rules, about))
        tests = test_documents(blueprint, _RULES)
        # Long cases are in a separate file.
        files += [yaml_file(f"rules/{name}", test, (*about, *blueprint.alerts)) for name, test in tests.items()]
        if _has_operator(blueprint):
            files.append(manifest_file("prometheus-rule.yaml", _prometheus_rule(blueprint, rules), about=about))
    if blueprint.routes:
        files.append(_notifying(blueprint))
    return FileSet.of(files)


def render_shared(shared: Shared) -> FileSet:
    """Return the scrape targets of the shared unit."""
    return FileSet.of(_scraping(shared, shared.monitors))


def _has_operator(owner: Blueprint | Shared) -> bool:
    return owner.engines.monitoring.name == OPERATOR


def _discovery(owner: Blueprint | Shared) -> dict[str, str]:
    """Return the labels by which the operator selects rules and monitors, from the settings."""
    return dict(owner.engines.monitoring.settings.get("labels") or {})


def _prometheus_rule(blueprint: Blueprint, rules: dict[str, Any]) -> dict[str, Any]:
    name = blueprint.identity.system
    meta = metadata(blueprint, name, COMPONENT, wave=WAVE, labels=_discovery(blueprint))
    return manifest(RULE_API, "PrometheusRule", meta, spec=rules)


def _scraping(owner: Blueprint | Shared, monitors: tuple[Monitor, ...]) -> list[File]:
    if not monitors:
        return []
    if _has_operator(owner):
        labels = _discovery(owner)
        objects = [about((scraped,), monitor(owner, scraped, labels)) for scraped in monitors]
        return [manifest_file("monitors.yaml", *objects, about=(owner.engines.monitoring,))]
    jobs = [about((scraped,), scrape_config(scraped)) for scraped in monitors]
    return [yaml_file("scrape/scrape.yaml", {"scrape_configs": jobs}, (owner.engines.monitoring,))]


def _notifying(blueprint: Blueprint) -> File:
    notified = (*blueprint.routes, Part(blueprint.identity, "labels"), blueprint.engines.monitoring)
    if _has_operator(blueprint):
        return manifest_file("alertmanager.yaml", alertmanager_config(blueprint, _discovery(blueprint)), about=notified)
    return yaml_file("alertmanager/alertmanager.yaml", alertmanager_file(blueprint), notified)


RENDERER: Final = Renderer(system=render, shared=render_shared)
