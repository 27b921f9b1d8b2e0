"""Scrape targets: what Prometheus must read for the objectives to have series.

In: the decided endpoints and engines. Out: monitors of one system, and those that systems share.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Endpoint, Monitor
from mlopsctl.catalogue import infrastructure
from mlopsctl.resolve import model as resolved

_DEPLOYMENT_LABEL = "seldon-deployment-id"


def monitors(system: resolved.System, served: tuple[Endpoint, ...]) -> tuple[Monitor, ...]:
    """Decide the monitors of engines that run pods of their own for each endpoint."""
    engine = system.engines.serving
    label = {"kserve": infrastructure.INFERENCE_SERVICE_LABEL, "seldon": _DEPLOYMENT_LABEL}.get(engine.engine)
    if label is None or (engine.engine == "seldon" and not engine.version.startswith("1")):
        return ()
    return tuple(
        _monitor(system.environment.namespace, _read_at(target, endpoint), endpoint.name, {label: endpoint.name})
        for endpoint in served
        for target in infrastructure.scrape_targets(engine.engine, engine.version)
    )


def _read_at(target: infrastructure.ScrapeTarget, endpoint: Endpoint) -> infrastructure.ScrapeTarget:
    """Say where the metrics are: an InferenceService that reports as MLServer does has them at MLServer's port."""
    return target._replace(reads=infrastructure.MLSERVER_METRICS) if endpoint.kind == "model" else target


def shared_monitors(landscape: resolved.Landscape) -> tuple[Monitor, ...]:
    """Decide the monitors of engines whose servers all endpoints of an environment share."""
    engine = landscape.engines.serving
    serves = any(system.endpoints for system in landscape.systems.values())
    if engine.engine != "seldon" or not engine.version.startswith("2") or not serves:
        return ()
    return tuple(
        _monitor(landscape.environment.namespace, target, f"{landscape.workspace.name}-{target.name}", {})
        for target in infrastructure.scrape_targets(engine.engine, engine.version)
    )


def _monitor(namespace: str, target: infrastructure.ScrapeTarget, name: str, selector: dict[str, str]) -> Monitor:
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
