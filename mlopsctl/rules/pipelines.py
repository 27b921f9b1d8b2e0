"""Pipelines: schedules, starts, retries, times and resources that the engine can do.

Nobody is told of what they did not ask for: a default that the engine cannot keep is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.catalogue import engines, signals
from mlopsctl.diagnostics.codes import alerts as alert_codes
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.resolve.model import Landscape, System
from mlopsctl.rules.finding import Path, at

_UTC = ("UTC", "Etc/UTC")
_FATAL = ("on-drift", "schedule.timezone")
"""Without these a run would fail, or start at another hour; what the others ask for has to be done by hand."""


def engine_can(system: System) -> Iterator[Diagnostic]:
    """What starts a run, and what a step may use, must be the engine's to give."""
    if not system.knows_engine("pipelines"):
        return
    for ability, path, what in _asked(system):
        able = _supports(system.engines.pipelines, ability)
        if not able:
            severity = Severity.ERROR if ability in _FATAL else Severity.WARNING
            message = f"{system.engines.pipelines.engine} cannot {what}: {able.why}"
            help = f"use {able.instead}" if able.instead else ""
            yield at(system, codes.PIPELINE_UNSUPPORTED, path, message, help=help, severity=severity)


def _supports(engine: Any, ability: str) -> engines.Ability:
    return engines.supports("pipelines", engine.engine, engine.version, ability)


def _asked(system: System) -> Iterator[tuple[str, Path, str]]:
    """Yield each thing that is asked of the engine: the ability, where it is asked, what it is."""
    for name, view in (system.spec.features.views if system.spec.features else {}).items():
        if view.materialize:
            path: Path = ("spec", "features", "views", name, "materialize", "every")
            yield "schedule", path, f"materialise `{name}` every {view.materialize.every}"
    if system.spec.checks and system.spec.checks.live:
        every = system.spec.checks.live.every
        yield "schedule", ("spec", "checks", "live", "every"), f"watch the served model every {every}"
    yield from _training(system)
    for endpoint in system.endpoints.values():
        if endpoint.spec.rollout.strategy == "canary" and endpoint.locked and endpoint.locked.candidate:
            path = ("spec", "serving", "endpoints", endpoint.name, "rollout")
            if _shifts(system):
                yield "on-change", path, f"start the rollout of `{endpoint.name}`"


def _shifts(system: System) -> bool:
    """Tell whether a run can shift traffic at all; where none can, that is the serving engine's to say."""
    serving = system.engines.serving
    return bool(engines.supports("serving", serving.engine, serving.version, "canary.shift"))


def _training(system: System) -> Iterator[tuple[str, Path, str]]:
    model = system.spec.model
    if model is None:
        return
    retrain, here = model.retrain, ("spec", "model", "retrain")
    if retrain.schedule:
        yield "schedule", (*here, "schedule"), "train on a schedule"
        if retrain.schedule.timezone not in _UTC and _supports(system.engines.pipelines, "schedule"):
            zone = retrain.schedule.timezone
            yield "schedule.timezone", (*here, "schedule", "timezone"), f"keep the hours of {zone}"
    if retrain.on_change:
        yield "on-change", (*here, "onChange"), "train when something changes"
    if retrain.on_drift:
        yield "on-drift", (*here, "onDrift"), "train when inputs drift"
    if model.timeout:
        yield "step-timeout", ("spec", "model", "timeout"), "end a step that takes too long"
    for name in ("cpu", "memory"):
        if model.resources and getattr(model.resources, name):
            yield "resources", ("spec", "model", "resources", name), f"give a step its {name}"


def defaults(landscape: Landscape) -> Iterator[Diagnostic]:
    """What the workspace says of every step must be the engine's to give, too."""
    origin, chosen = landscape.workspace.origin, landscape.engines.pipelines
    kept = (("retries", "retries"), ("timeout", "step-timeout"), ("resources", "resources"))
    for name, ability in kept if origin else ():
        path = ("spec", "defaults", name)
        able = _supports(chosen, ability)
        if origin and origin.has(*path) and not able:
            message = f"{chosen.engine} keeps no `defaults.{name}`: {able.why}"
            help = f"use {able.instead}" if able.instead else ""
            yield codes.PIPELINE_UNSUPPORTED.at(
                origin.key(*path), message, help=help, path=".".join(path), severity=Severity.WARNING
            )


def training_alerts(system: System) -> Iterator[Diagnostic]:
    """An alert on training runs needs an engine that tells of them."""
    asked = system.spec.alerts.training if system.spec.alerts else None
    if asked is None or not system.spec.model or not system.knows_engine("pipelines"):
        return
    engine = system.engines.pipelines.engine
    for name, outcome in (("failed", "failed"), ("overdue", "succeeded")):
        if getattr(asked, name) and signals.run_series(engine, system.name, outcome) is None:  # type: ignore[arg-type]
            able = _supports(system.engines.pipelines, "run-failures")
            message = f"nothing feeds `alerts.training.{name}`: {able.why or f'{engine} tells of no run'}"
            help = f"use {able.instead}, and remove the alert" if able.instead else ""
            path: Path = ("spec", "alerts", "training", name)
            yield at(system, alert_codes.NOTHING_WATCHED, path, message, help=help, key=True)


RULES = (engine_can, training_alerts)
LANDSCAPE_RULES = (defaults,)
