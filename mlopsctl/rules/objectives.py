"""Objectives and derived alerts: on endpoints that exist, observable, able to fire, with something to read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mlopsctl.catalogue import burn_rates, flavors, signals
from mlopsctl.catalogue import engines as known_engines
from mlopsctl.diagnostics.codes import alerts as codes
from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.model import Endpoint, System, alerts
from mlopsctl.rules.finding import Path, at, overridden


def objectives(system: System) -> Iterator[Diagnostic]:
    """Every objective must be about an endpoint, be observable there, and be able to fire."""
    section = system.spec.alerts
    for name, slo in (section.slos if section else {}).items():
        path: Path = ("spec", "alerts", "slos", name)
        endpoint = system.endpoints.get(slo.endpoint)
        if endpoint is None:
            if not system.origin.unreadable("spec", "serving", "endpoints", slo.endpoint):
                message = f"objective `{name}` is about `{slo.endpoint}`, which is no endpoint"
                help = did_you_mean(slo.endpoint, list(system.endpoints))
                yield at(system, references.UNDEFINED_ENDPOINT, (*path, "endpoint"), message, help=help)
            continue
        if system.knows_engine("serving") and _kind_is_known(system, endpoint):
            yield from _observable(system, endpoint, slo, path)
        yield from _can_fire(system, slo, path)


def _kind_is_known(system: System, endpoint: Endpoint) -> bool:
    """Tell whether what decides how requests are counted was understood."""
    features = ("spec", "serving", "endpoints", endpoint.name, "features")
    return not system.origin.unreadable("spec", "model", "flavor") and not system.origin.unreadable(*features)


def kind(system: System, endpoint: Endpoint) -> str:
    """Return the catalogue's word for what counts the endpoint's requests."""
    flavor = system.spec.model.flavor if system.spec.model else "pyfunc"
    engine = system.engines.serving
    return flavors.endpoint_kind(flavor, engine.engine, engine.version, looks_up=endpoint.spec.features is not None)


def _observable(system: System, endpoint: Endpoint, slo: alerts.Slo, path: Path) -> Iterator[Diagnostic]:
    engine = system.engines.serving
    of = (engine.engine, engine.version, kind(system, endpoint), endpoint.name)
    if slo.threshold is None:
        if signals.error_series(*of) is None:
            yield _unobservable(system, path, f"error-ratio.{of[2]}", "which requests failed")
        return
    histogram = signals.latency_histogram(*of)
    if histogram is None:
        yield _unobservable(system, path, f"latency.{of[2]}", "how long requests took")
        return
    seconds = Decimal(slo.threshold.ms) / 1000
    if histogram.bounds and seconds not in histogram.bounds:
        near = min(histogram.bounds, key=lambda bound: abs(bound - seconds))
        all_bounds = ", ".join(_milliseconds(bound) for bound in histogram.bounds)
        message = f"{engine.engine} {engine.version} counts requests up to {all_bounds}, and not up to {slo.threshold}"
        yield at(system, codes.NO_BUCKET, (*path, "threshold"), message, help=f"use {_milliseconds(near)}")


def _milliseconds(bound: Decimal) -> str:
    return f"{(bound * 1000).normalize():f}ms" if bound < 1 or bound % 1 else f"{bound:f}s"


def _unobservable(system: System, path: Path, ability: str, what: str) -> Diagnostic:
    engine = system.engines.serving
    message = f"{engine.engine} {engine.version} does not say {what}"
    entry = known_engines.engine("serving", engine.engine, engine.version)
    able = entry.capabilities.get(ability) if entry else None
    help = f"use {able.instead}" if able and not able.yes and able.instead else ""
    return at(system, codes.UNOBSERVABLE, path, message, help=help, key=True)


def _can_fire(system: System, slo: alerts.Slo, path: Path) -> Iterator[Diagnostic]:
    budget = 1 - slo.objective
    if not 0 < budget < 1:
        message = "an objective of 100% leaves no error budget" if budget == 0 else "an objective of 0% is no objective"
        yield at(system, codes.NEVER_FIRES, (*path, "objective"), message, help="use 99.9% or less, and more than 0%")
        return
    able = {pair.severity for pair, f in burn_rates.pairs(slo.window.seconds) if burn_rates.can_fire(f, budget)}
    percent = f"{(slo.objective * 100).normalize():f}%"
    if not able:
        message = f"no error ratio can burn the budget of {percent} fast enough for an alert"
        yield at(system, codes.NEVER_FIRES, (*path, "objective"), message)
    elif "page" not in able:
        message = f"with an objective of {percent} only the slow burn rates can be reached"
        yield at(system, codes.NO_PAGE, (*path, "objective"), message)


def abort_on(system: System) -> Iterator[Diagnostic]:
    """A rollout aborts on objectives that exist, of its own endpoint."""
    slos = system.spec.alerts.slos if system.spec.alerts else {}
    for endpoint in system.endpoints.values():
        rollout = endpoint.spec.rollout
        for i, name in enumerate(rollout.abort_on if rollout.strategy == "canary" else ()):
            path: Path = ("spec", "serving", "endpoints", endpoint.name, "rollout", "abortOn", i)
            if name not in slos and not system.origin.unreadable("spec", "alerts", "slos", name):
                message = f"the rollout of `{endpoint.name}` aborts on `{name}`, which is no objective"
                yield at(system, references.UNDEFINED_SLO, path, message, help=did_you_mean(name, list(slos)))
            elif name in slos and slos[name].endpoint != endpoint.name and slos[name].endpoint in system.endpoints:
                message = f"objective `{name}` is about `{slos[name].endpoint}`, not about `{endpoint.name}`"
                help = f"name an objective of endpoint `{endpoint.name}`"
                yield at(system, references.UNDEFINED_SLO, path, message, help=help)


def derived(system: System) -> Iterator[Diagnostic]:
    """A derived alert needs what it reads."""
    section = system.spec.alerts
    if section is None:
        return
    live = system.spec.checks.live if system.spec.checks else None
    views = system.spec.features.views.values() if system.spec.features else ()
    materialised = any(view.materialize for view in views)
    model = system.spec.model
    needs = (
        ("freshness", section.freshness, materialised, "no view is materialised", ("features",)),
        ("drift", section.drift, bool(live and live.drift), "checks.live.drift is not there", ("checks", "live")),
        (
            "quality",
            section.quality,
            bool(live and live.quality),
            "checks.live.quality is not there",
            ("checks", "live"),
        ),
        ("training", section.training, bool(model), "there is no model", ("model",)),
    )
    for name, asked, there, why, where in needs:
        if asked and not there and not system.origin.unreadable("spec", *where):
            yield at(
                system,
                codes.NOTHING_WATCHED,
                ("spec", "alerts", name),
                f"nothing feeds `alerts.{name}`: {why}",
                key=True,
            )
    training = section.training
    scheduled = not model or model.retrain.schedule or overridden(system, "model", "retrain", "schedule")
    lost = system.origin.unreadable("spec", "model", "retrain")
    if training and training.overdue and not scheduled and not lost:
        message = "`alerts.training.overdue` needs a schedule to be overdue by"
        help = "add `model.retrain.schedule`, or remove the alert"
        yield at(system, codes.NOTHING_WATCHED, ("spec", "alerts", "training", "overdue"), message, help=help)


def routes(system: System) -> Iterator[Diagnostic]:
    """Every severity that an alert has must have a route."""
    section = system.spec.alerts
    if section is None:
        return
    told = {*section.routes, *system.workspace.defaults.routes}
    for severity in ("page", "ticket"):
        path = _first_use(section, severity)
        if path and severity not in told and not system.origin.unreadable("spec", "alerts", "routes"):
            yield at(
                system,
                references.UNDEFINED_ROUTE,
                ("spec", "alerts", *path),
                f"an alert of severity {severity} has no route",
            )
        if not path and severity in section.routes and not system.origin.unreadable("spec", "alerts"):
            where: Path = ("spec", "alerts", "routes", severity)
            yield at(system, references.UNUSED, where, f"no alert has the severity of route `{severity}`", key=True)


def _first_use(section: alerts.Alerts, severity: str) -> Path | None:
    """Return where a severity is first asked for."""
    if section.slos:
        return ("slos", next(iter(section.slos)))
    for name in ("freshness", "drift", "quality"):
        asked = getattr(section, name)
        if asked and asked.severity == severity:
            return (name, "severity")
    if section.training:
        for name in ("failed", "overdue"):
            if getattr(section.training, name) == severity:
                return ("training", name)
    return next(
        (("rules", name, "severity") for name, rule in section.rules.items() if rule.severity == severity), None
    )


RULES = (objectives, abort_on, derived, routes)
