"""Objectives and derived alerts: existing endpoints, observable metrics, alerts that can fire."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mlopsctl.catalogue import burn_rates
from mlopsctl.diagnostics.codes import alerts as codes
from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.engines import known as known_engines
from mlopsctl.engines import model_servers, signals
from mlopsctl.resolve.model import Endpoint, System
from mlopsctl.rules.finding import Path, at, overridden
from mlopsctl.spec import alerts


def objectives(system: System) -> Iterator[Diagnostic]:
    """Require that every objective names an endpoint, is observable there, and can fire."""
    section = system.spec.alerts
    for name, slo in (section.slos if section else {}).items():
        path: Path = ("spec", "alerts", "slos", name)
        endpoint = system.endpoints.get(slo.endpoint)
        if endpoint is None:
            if not system.origin.unreadable("spec", "serving", "endpoints", slo.endpoint):
                message = f"objective `{name}` names `{slo.endpoint}`, which is not an endpoint"
                help = did_you_mean(slo.endpoint, list(system.endpoints))
                yield at(system, references.UNDEFINED_ENDPOINT, (*path, "endpoint"), message, help=help)
            continue
        if system.knows_engine("serving") and _kind_is_known(system, endpoint):
            yield from _observable(system, endpoint, slo, path)
        yield from _can_fire(system, slo, path)


def _kind_is_known(system: System, endpoint: Endpoint) -> bool:
    """Return whether the fields that decide how requests are counted were readable."""
    features = ("spec", "serving", "endpoints", endpoint.name, "features")
    return not system.origin.unreadable("spec", "model", "flavor") and not system.origin.unreadable(*features)


def kind(system: System, endpoint: Endpoint) -> str:
    """Return the catalogue's key for the component that counts the endpoint's requests."""
    flavor = system.spec.model.flavor if system.spec.model else "pyfunc"
    engine = system.engines.serving
    looks_up = endpoint.spec.features is not None
    return model_servers.endpoint_kind(flavor, engine.engine, engine.version, looks_up=looks_up)


def _observable(system: System, endpoint: Endpoint, slo: alerts.Slo, path: Path) -> Iterator[Diagnostic]:
    engine = system.engines.serving
    key = (engine.engine, engine.version, kind(system, endpoint), endpoint.name)
    if slo.threshold is None:
        if signals.error_series(*key) is None:
            yield _unobservable(system, path, f"error-ratio.{key[2]}", "which requests failed")
        return
    histogram = signals.latency_histogram(*key)
    if histogram is None:
        yield _unobservable(system, path, f"latency.{key[2]}", "how long requests took")
        return
    seconds = Decimal(slo.threshold.ms) / 1000
    if histogram.bounds and seconds not in histogram.bounds:
        near = min(histogram.bounds, key=lambda bound: abs(bound - seconds))
        all_bounds = ", ".join(_milliseconds(bound) for bound in histogram.bounds)
        message = (
            f"{engine.engine} {engine.version} has no latency bucket at {slo.threshold}; its buckets: {all_bounds}"
        )
        yield at(system, codes.NO_BUCKET, (*path, "threshold"), message, help=f"use {_milliseconds(near)}")


def _milliseconds(bound: Decimal) -> str:
    return f"{(bound * 1000).normalize():f}ms" if bound < 1 or bound % 1 else f"{bound:f}s"


def _unobservable(system: System, path: Path, ability: str, subject: str) -> Diagnostic:
    engine = system.engines.serving
    message = f"{engine.engine} {engine.version} does not export {subject}"
    entry = known_engines.engine("serving", engine.engine, engine.version)
    able = entry.capabilities.get(ability) if entry else None
    help = f"use {able.instead}" if able and not able.yes and able.instead else ""
    return at(system, codes.UNOBSERVABLE, path, message, help=help, key=True)


def _can_fire(system: System, slo: alerts.Slo, path: Path) -> Iterator[Diagnostic]:
    budget = 1 - slo.objective
    if not 0 < budget < 1:
        message = "an objective of 100% leaves no error budget" if budget == 0 else "an objective of 0% is always met"
        yield at(system, codes.NEVER_FIRES, (*path, "objective"), message, help="use more than 0% and at most 99.9%")
        return
    pairs = burn_rates.pairs(slo.window.seconds)
    if not pairs:
        message = f"a window of {slo.window} is too short for burn-rate alerts"
        yield at(system, codes.NEVER_FIRES, (*path, "window"), message, help="use a window of 1d or more")
        return
    able = {pair.severity for pair, f in pairs if burn_rates.can_fire(f, budget)}
    percent = f"{(slo.objective * 100).normalize():f}%"
    if not able:
        message = f"no error ratio burns the error budget of {percent} fast enough to fire an alert"
        yield at(system, codes.NEVER_FIRES, (*path, "objective"), message)
    elif "page" not in able:
        message = f"with an objective of {percent} only the slow burn-rate alerts can fire"
        yield at(system, codes.NO_PAGE, (*path, "objective"), message)


def abort_on(system: System) -> Iterator[Diagnostic]:
    """Require that `abortOn` names objectives of the rollout's own endpoint."""
    slos = system.spec.alerts.slos if system.spec.alerts else {}
    for endpoint in system.endpoints.values():
        rollout = endpoint.spec.rollout
        for i, name in enumerate(rollout.abort_on if rollout.strategy == "canary" else ()):
            path: Path = ("spec", "serving", "endpoints", endpoint.name, "rollout", "abortOn", i)
            if name not in slos and not system.origin.unreadable("spec", "alerts", "slos", name):
                message = f"the rollout of `{endpoint.name}` aborts on `{name}`, which is not an objective"
                yield at(system, references.UNDEFINED_SLO, path, message, help=did_you_mean(name, list(slos)))
            elif name in slos and slos[name].endpoint != endpoint.name and slos[name].endpoint in system.endpoints:
                message = f"objective `{name}` belongs to endpoint `{slos[name].endpoint}`, not `{endpoint.name}`"
                help = f"name an objective of endpoint `{endpoint.name}`"
                yield at(system, references.UNDEFINED_SLO, path, message, help=help)


def derived(system: System) -> Iterator[Diagnostic]:
    """Require the section that a derived alert reads."""
    section = system.spec.alerts
    if section is None:
        return
    live = system.spec.checks.live if system.spec.checks else None
    views = system.spec.features.views.values() if system.spec.features else ()
    materialised = any(view.materialize for view in views)
    model = system.spec.model
    needs = (
        ("freshness", section.freshness, materialised, "no view is materialised", ("features",)),
        ("drift", section.drift, bool(live and live.drift), "the spec has no `checks.live.drift`", ("checks", "live")),
        (
            "quality",
            section.quality,
            bool(live and live.quality),
            "the spec has no `checks.live.quality`",
            ("checks", "live"),
        ),
        ("training", section.training, bool(model), "the spec has no `model`", ("model",)),
    )
    for name, alert_section, is_fed, why, where in needs:
        if alert_section and not is_fed and not system.origin.unreadable("spec", *where):
            yield at(
                system,
                codes.NOTHING_WATCHED,
                ("spec", "alerts", name),
                f"`alerts.{name}` can never fire: {why}",
                key=True,
            )
    training = section.training
    scheduled = not model or model.retrain.schedule or overridden(system, "model", "retrain", "schedule")
    lost = system.origin.unreadable("spec", "model", "retrain")
    if training and training.overdue and not scheduled and not lost:
        message = "`alerts.training.overdue` needs a training schedule"
        help = "add `model.retrain.schedule`, or remove the alert"
        yield at(system, codes.NOTHING_WATCHED, ("spec", "alerts", "training", "overdue"), message, help=help)


def routes(system: System) -> Iterator[Diagnostic]:
    """Require a route for every alert severity, and report routes without alerts."""
    section = system.spec.alerts
    if section is None:
        return
    routed = {*section.routes, *system.workspace.defaults.routes}
    for severity in ("page", "ticket"):
        path = _first_use(section, severity)
        if path and severity not in routed and not system.origin.unreadable("spec", "alerts", "routes"):
            yield at(
                system,
                references.UNDEFINED_ROUTE,
                ("spec", "alerts", *path),
                f"alerts of severity {severity} have no route",
            )
        if not path and severity in section.routes and not system.origin.unreadable("spec", "alerts"):
            where: Path = ("spec", "alerts", "routes", severity)
            yield at(
                system, references.UNUSED, where, f"no alert has severity `{severity}`: the route is unused", key=True
            )


def _first_use(section: alerts.Alerts, severity: str) -> Path | None:
    """Return the path of the first alert with a severity."""
    if section.slos:
        return ("slos", next(iter(section.slos)))
    for name in ("freshness", "drift", "quality"):
        alert_section = getattr(section, name)
        if alert_section and alert_section.severity == severity:
            return (name, "severity")
    if section.training:
        for name in ("failed", "overdue"):
            if getattr(section.training, name) == severity:
                return ("training", name)
    return next(
        (("rules", name, "severity") for name, rule in section.rules.items() if rule.severity == severity), None
    )


RULES = (objectives, abort_on, derived, routes)
