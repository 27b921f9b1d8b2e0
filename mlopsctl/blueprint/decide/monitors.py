"""Decide the scrape targets that the objectives need."""

from __future__ import annotations

from mlopsctl.blueprint.model.metrics import Monitor
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.engines import known
from mlopsctl.resolve import model as resolved


def monitors(system: resolved.System, served: tuple[Endpoint, ...]) -> tuple[Monitor, ...]:
    """Decide the monitors of engines with separate pods per endpoint."""
    engine = system.engines.serving
    facts = known.engine("serving", engine.engine, engine.version)
    serving = facts.serving if facts else None
    if facts is None or serving is None or not serving.endpoint_label:
        return ()
    label = serving.endpoint_label
    return tuple(
        _monitor(
            system.environment.namespace,
            _read_at(target, serving.metrics_ports.get(endpoint.kind, "")),
            endpoint.name,
            {label: endpoint.name},
        )
        for endpoint in served
        for target in facts.scrapes
    )


def _read_at(target: ScrapeTarget, port: str) -> ScrapeTarget:
    """Return the metrics port of a kind of endpoint that has its own."""
    return target._replace(reads=port) if port else target


def shared_monitors(landscape: resolved.Landscape) -> tuple[Monitor, ...]:
    """Decide the monitors of engines whose servers all endpoints of an environment share."""
    engine = landscape.engines.serving
    serves = any(system.endpoints for system in landscape.systems.values())
    facts = known.engine("serving", engine.engine, engine.version)
    if not serves or facts is None or facts.serving is None or not facts.serving.shared_servers:
        return ()
    return tuple(
        _monitor(landscape.environment.namespace, target, f"{landscape.workspace.name}-{target.name}", {})
        for target in facts.scrapes
    )


def _monitor(namespace: str, target: ScrapeTarget, name: str, selector: dict[str, str]) -> Monitor:
    return Monitor(
        name,
        target.kind,
        namespace,
        {**target.selector, **selector},
        target.port,
        target.path,
        target.scheme,
        target.self_signed,
        target.honor_labels,
        target.reads,
    )
