"""Origins of alerts and their receivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlopsctl.blueprint.model.alerts import (
    AgeCondition,
    Alert,
    BoundCondition,
    BurnCondition,
    ExpressionCondition,
    FailureCondition,
    OverdueCondition,
    Route,
)
from mlopsctl.blueprint.provenance.paths import Owner, Paths, SpecPath, default, namespace
from mlopsctl.blueprint.provenance.platform import of_labels
from mlopsctl.blueprint.provenance.serving import of_slo
from mlopsctl.blueprint.provenance.training import monitored


def of_alert(alert: Alert, owner: Owner) -> Paths:
    yield SpecPath(owner.blueprint.identity.system, tuple(alert.source.split(".")))
    yield from _CONDITIONS[type(alert.condition)](alert, owner)
    if alert.group in ("freshness", "drift", "quality", "training"):
        yield owner.spec("alerts", alert.group)
    yield owner.spec("alerts", "runbook")
    yield from default(owner, "runbook")
    yield from of_labels(owner.blueprint.identity, owner)
    yield namespace(owner)


def _burning(alert: Alert, owner: Owner) -> Paths:
    for slo in owner.blueprint.slos:
        if slo.id == getattr(alert.condition, "slo", None):
            yield from of_slo(slo, owner)


def _old(alert: Alert, owner: Owner) -> Paths:
    """Yield the paths that decide the age at which a view is stale."""
    features = owner.blueprint.features
    for view in features.views if features else ():
        if view.name == alert.labels["view"]:
            yield owner.spec("data.sources", view.source, "cadence")
            yield owner.spec("features.views", view.name, "materialize", "every")
            yield owner.spec("features.views", view.name, "ttl")


def _beyond(alert: Alert, owner: Owner) -> Paths:
    if alert.group == "drift":
        yield from monitored(owner)
    else:
        yield owner.spec("checks.live.quality")


def _overdue(alert: Alert, owner: Owner) -> Paths:
    """Yield the paths that decide when a run is overdue: its schedule and its maximum duration."""
    if alert.group != "training":
        yield owner.spec("checks.live.every")
        yield from (owner.spec("alerts", group) for group in ("drift", "quality"))
        return
    yield owner.spec("model.retrain.schedule")
    yield owner.spec("model.timeout")
    yield from default(owner, "timeout")


def _nothing(_: Alert, __: Owner) -> Paths:
    yield from ()


_CONDITIONS: Mapping[type, Callable[[Alert, Owner], Paths]] = {
    BurnCondition: _burning,
    AgeCondition: _old,
    BoundCondition: _beyond,
    OverdueCondition: _overdue,
    FailureCondition: _nothing,
    ExpressionCondition: _nothing,
}


def of_route(route: Route, owner: Owner) -> Paths:
    yield owner.spec("alerts.routes", route.severity)
    yield from default(owner, "routes", route.severity)
