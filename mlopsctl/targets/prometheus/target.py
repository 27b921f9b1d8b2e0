"""Render Prometheus rules, their unit tests, monitors and notification routes.

In: a Blueprint, or what systems share. Out: files. Never a name, window or threshold of its own.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Monitor, Part, Shared
from mlopsctl.emit.origin import about
from mlopsctl.targets.files import manifest_file, yaml_file
from mlopsctl.targets.kubernetes import manifest, metadata
from mlopsctl.targets.prometheus.cases.file import test_documents
from mlopsctl.targets.prometheus.conventions import COMPONENT, OPERATOR, RULE_API, WAVE
from mlopsctl.targets.prometheus.groups import rule_groups
from mlopsctl.targets.prometheus.limits import limits
from mlopsctl.targets.prometheus.monitors import monitor, scrape_config
from mlopsctl.targets.prometheus.notifications import alertmanager_config, alertmanager_file
from mlopsctl.tree.fileset import File, FileSet

__all__ = ["limits", "render", "render_shared"]

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
        # How long a case takes decides which of the files it is in.
        files += [yaml_file(f"rules/{name}", one, (*about, *blueprint.alerts)) for name, one in tests.items()]
        if _has_operator(blueprint):
            files.append(manifest_file("prometheus-rule.yaml", _prometheus_rule(blueprint, rules), about=about))
    if blueprint.routes:
        files.append(_notifying(blueprint))
    return FileSet.of(files)


def render_shared(shared: Shared) -> FileSet:
    """Return the scrape targets that all systems of the environment share."""
    return FileSet.of(_scraping(shared, shared.monitors))


def _has_operator(owner: Blueprint | Shared) -> bool:
    return owner.engines.monitoring.name == OPERATOR


def _discovery(owner: Blueprint | Shared) -> dict[str, str]:
    """Return the labels the operator selects rules and monitors by; they are the site's choice."""
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
        made = [about((one,), monitor(owner, one, labels)) for one in monitors]
        return [manifest_file("monitors.yaml", *made, about=(owner.engines.monitoring,))]
    jobs = [about((one,), scrape_config(one)) for one in monitors]
    return [yaml_file("scrape/scrape.yaml", {"scrape_configs": jobs}, (owner.engines.monitoring,))]


def _notifying(blueprint: Blueprint) -> File:
    things = (*blueprint.routes, Part(blueprint.identity, "labels"), blueprint.engines.monitoring)
    if _has_operator(blueprint):
        return manifest_file("alertmanager.yaml", alertmanager_config(blueprint, _discovery(blueprint)), about=things)
    return yaml_file("alertmanager/alertmanager.yaml", alertmanager_file(blueprint), things)
