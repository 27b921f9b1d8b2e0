"""Pipelines: schedules, triggers, retries, timeouts and resources that the engine supports.

Defaults that an engine cannot honour are not reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.catalogue.capability import Capability
from mlopsctl.diagnostics.codes import alerts as alert_codes
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.engines import known as engines
from mlopsctl.engines import signals
from mlopsctl.resolve.model import Landscape, System
from mlopsctl.rules.finding import Path, at

_UTC = ("UTC", "Etc/UTC")
_FATAL = ("on-drift", "schedule.timezone")
"""Capabilities without which a run fails or starts at another time; the others can be replaced by manual work."""


def engine_can(system: System) -> Iterator[Diagnostic]:
    """Report triggers, timeouts and step resources that the pipeline engine does not support."""
    if not system.knows_engine("pipelines"):
        return
    for ability, path, purpose in _used_capabilities(system):
        able = _supports(system.engines.pipelines, ability)
        if not able:
            severity = Severity.ERROR if ability in _FATAL else Severity.WARNING
            message = f"{system.engines.pipelines.engine} cannot {purpose}: {able.why}"
            help = f"use {able.instead}" if able.instead else ""
            yield at(system, codes.PIPELINE_UNSUPPORTED, path, message, help=help, severity=severity)


def _supports(engine: Any, ability: str) -> Capability:
    return engines.supports("pipelines", engine.engine, engine.version, ability)


def _used_capabilities(system: System) -> Iterator[tuple[str, Path, str]]:
    """Yield each capability that the spec uses, as (capability, path, phrase for the message)."""
    for name, view in (system.spec.features.views if system.spec.features else {}).items():
        if view.materialize:
            path: Path = ("spec", "features", "views", name, "materialize", "every")
            yield "schedule", path, f"materialise `{name}` every {view.materialize.every}"
    if system.spec.checks and system.spec.checks.live:
        interval = system.spec.checks.live.every
        yield "schedule", ("spec", "checks", "live", "every"), f"monitor the served model every {interval}"
    yield from _training(system)
    for endpoint in system.endpoints.values():
        if endpoint.spec.rollout.strategy == "canary" and endpoint.locked and endpoint.locked.candidate:
            path = ("spec", "serving", "endpoints", endpoint.name, "rollout")
            if _shifts(system):
                yield "on-change", path, f"start the rollout of `{endpoint.name}`"


def _shifts(system: System) -> bool:
    """Return whether the serving engine can shift traffic; if not, a serving rule reports it."""
    serving = system.engines.serving
    return bool(engines.supports("serving", serving.engine, serving.version, "canary.shift"))


def _training(system: System) -> Iterator[tuple[str, Path, str]]:
    model = system.spec.model
    if model is None:
        return
    retrain, path = model.retrain, ("spec", "model", "retrain")
    if retrain.schedule:
        yield "schedule", (*path, "schedule"), "train on a schedule"
        if retrain.schedule.timezone not in _UTC and _supports(system.engines.pipelines, "schedule"):
            zone = retrain.schedule.timezone
            yield "schedule.timezone", (*path, "schedule", "timezone"), f"schedule in time zone {zone}"
    if retrain.on_change:
        yield "on-change", (*path, "onChange"), "train on a change"
    if retrain.on_drift:
        yield "on-drift", (*path, "onDrift"), "train on drift"
    if model.timeout:
        yield "step-timeout", ("spec", "model", "timeout"), "end a step at a timeout"
    for name in ("cpu", "memory"):
        if model.resources and getattr(model.resources, name):
            yield "resources", ("spec", "model", "resources", name), f"set a step's {name}"


def defaults(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report defaults for steps that the pipeline engine does not support, and a default GPU, which none requests."""
    origin, chosen = landscape.workspace.origin, landscape.engines.pipelines
    settings = (("retries", "retries"), ("timeout", "step-timeout"), ("resources", "resources"))
    for name, ability in settings if origin else ():
        path = landscape.workspace.default_path(landscape.environment.name, name)
        able = _supports(chosen, ability)
        if origin and origin.has(*path) and not able:
            message = f"{chosen.engine} does not support `defaults.{name}`: {able.why}"
            help = f"use {able.instead}" if able.instead else ""
            yield codes.PIPELINE_UNSUPPORTED.at(
                origin.key(*path), message, help=help, path=".".join(path), severity=Severity.WARNING
            )
    gpu = (*landscape.workspace.default_path(landscape.environment.name, "resources"), "gpu")
    if origin and origin.has(*gpu):
        message = "`defaults.resources.gpu` is not used: a GPU is requested by a model or an endpoint"
        yield references.DEFAULT_GPU.at(origin.key(*gpu), message, path=".".join(gpu))


def training_alerts(system: System) -> Iterator[Diagnostic]:
    """Require a pipeline engine that exports metrics of runs for alerts on training."""
    training = system.spec.alerts.training if system.spec.alerts else None
    if training is None or not system.spec.model or not system.knows_engine("pipelines"):
        return
    engine = system.engines.pipelines.engine
    for name, outcome in (("failed", "failed"), ("overdue", "succeeded")):
        if getattr(training, name) and signals.run_series(engine, system.name, outcome) is None:  # type: ignore[arg-type]
            able = _supports(system.engines.pipelines, "run-failures")
            message = f"`alerts.training.{name}` can never fire: {able.why or f'{engine} exports no metrics of runs'}"
            help = f"use {able.instead} and remove the alert" if able.instead else ""
            path: Path = ("spec", "alerts", "training", name)
            yield at(system, alert_codes.NOTHING_WATCHED, path, message, help=help, key=True)


RULES = (engine_can, training_alerts)
LANDSCAPE_RULES = (defaults,)
