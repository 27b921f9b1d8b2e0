"""Checks and gates: what the engine really has, at a stage that has what it needs, held on the right side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlopsctl.catalogue import deepchecks, tasks
from mlopsctl.catalogue.parameter import Parameter
from mlopsctl.diagnostics.codes import training as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.model import System
from mlopsctl.rules.finding import Path, at

STAGES = ("data", "split", "model")


def gates(system: System) -> Iterator[Diagnostic]:
    """A gate's metric must be one of the task, bounded on its bad side, and comparable when it compares."""
    checks, model = system.spec.checks, system.spec.model
    for metric, gate in (checks.gates if checks and model else {}).items():
        assert model  # noqa: S101 - the line above
        path: Path = ("spec", "checks", "gates", metric)
        yield from _metric(system, metric, gate.min, gate.max, path)
        served = system.training.locked if system.training else None
        key = ("environments", system.environment.name, "models", f"{model.registry.name}@{model.registry.alias}")
        unknown = system.workspace.lock_unreadable(*key) or system.origin.unreadable("spec", "model", "registry")
        if gate.max_drop is not None and served is None and system.training and not unknown:
            message = f"`{metric}` may drop by {gate.max_drop} from the model now served, and none is locked"
            help = "once a version is registered, run `mlopsctl lock`"
            yield at(system, codes.DROP_WITHOUT_SERVED, (*path, "maxDrop"), message, help=help)


def quality(system: System) -> Iterator[Diagnostic]:
    """Live quality is held like a gate."""
    live = system.spec.checks.live if system.spec.checks else None
    if live and live.quality and system.spec.model:
        path: Path = ("spec", "checks", "live", "quality")
        yield from _metric(system, live.quality.metric, live.quality.min, live.quality.max, path, "metric")


def _metric(
    system: System, name: str, low: Any, high: Any, path: Path, field: str | None = None
) -> Iterator[Diagnostic]:
    assert system.spec.model  # noqa: S101 - the callers looked
    if system.origin.unreadable("spec", "model", "task"):
        return
    task = system.spec.model.task
    known = tasks.metric(task, name)
    if known is None:
        names = list(tasks.metrics_of(task))
        others = " and ".join(tasks.tasks_of(name))
        usual = f"{task} has {', '.join(names[:6])} and others"
        help = f"it is a metric of {others}; {usual}" if others else did_you_mean(name, names) or usual
        where = (*path, field) if field else path
        yield at(system, codes.GATE_UNKNOWN, where, f"{task} has no metric `{name}`", help=help, key=field is None)
    elif known.higher_is_better and high is not None and low is None:
        message = f"`{name}` is better when it is higher, and `max` holds it down"
        yield at(system, codes.GATE_DIRECTION, (*path, "max"), message, help="use `min`", key=True)
    elif not known.higher_is_better and low is not None and high is None:
        message = f"`{name}` is better when it is lower, and `min` holds it up"
        yield at(system, codes.GATE_DIRECTION, (*path, "min"), message, help="use `max`", key=True)


def computed(system: System) -> Iterator[Diagnostic]:
    """What is checked must be there to be computed."""
    checks = system.spec.checks
    if checks is None or system.spec.model or system.origin.unreadable("spec", "model"):
        return
    asked = [name for name in ("data", "split", "model", "gates", "live") if getattr(checks, name)]
    if asked:
        message = f"no step computes {', '.join(asked)}: the spec has no model"
        help = "add the `model` they are about, or remove them"
        yield at(system, codes.GATE_WITHOUT_STEP, ("spec", "checks"), message, help=help, key=True)


def empty_live(system: System) -> Iterator[Diagnostic]:
    """Live checks that watch nothing run for nothing."""
    live = system.spec.checks.live if system.spec.checks else None
    if live and not live.drift and not live.quality and system.spec.model:
        message = "the live monitor watches neither drift nor quality"
        help = "add `drift` or `quality`, or remove `live`"
        yield at(system, codes.GATE_WITHOUT_STEP, ("spec", "checks", "live"), message, help=help, key=True)


def engine_checks(system: System) -> Iterator[Diagnostic]:
    """Suites and checks must be the engine's own, and work for the task where they stand."""
    checks, model = system.spec.checks, system.spec.model
    if checks is None or model is None or system.engines.checks.engine != "deepchecks":
        return
    for stage in STAGES:
        part = getattr(checks, stage)
        if part is None:
            continue
        path: Path = ("spec", "checks", stage)
        if part.suite:
            yield from _suite(system, part.suite, stage, path)
        for name, one in part.checks.items():
            yield from _check(system, name, one, stage, (*path, "checks", name))


def _suite(system: System, name: str, stage: str, path: Path) -> Iterator[Diagnostic]:
    known = deepchecks.suite(name)
    if known is None:
        help = did_you_mean(name, list(deepchecks.suites())) or f"there are {', '.join(deepchecks.suites())}"
        yield at(system, codes.CHECK_UNKNOWN, (*path, "suite"), f"Deepchecks has no suite `{name}`", help=help)
    elif not deepchecks.fits(known, stage):
        message = f"suite `{name}` needs what `checks.{stage}` does not have"
        yield at(system, codes.CHECK_STAGE, (*path, "suite"), message, help=f"move it to `checks.{known.stage}`")


def unknown(system: System, name: str, one: Any, path: Path, message: str, names: list[str]) -> Diagnostic:
    """Report a check that the engine does not have, where its name stands."""
    named = bool(one and one.check)
    where = (*path, "check") if named else path
    return at(system, codes.CHECK_UNKNOWN, where, message, help=did_you_mean(name, names) or "", key=not named)


def _check(system: System, label: str, one: Any, stage: str, path: Path) -> Iterator[Diagnostic]:
    name = (one and one.check) or label
    known = deepchecks.check(name)
    if known is None:
        message = f"Deepchecks has no check `{name}`"
        yield unknown(system, name, one, path, message, list(deepchecks.checks()))
        return
    if not deepchecks.fits(known, stage):
        message = f"check `{name}` needs what `checks.{stage}` does not have"
        yield at(system, codes.CHECK_STAGE, path, message, help=f"move it to `checks.{known.stage}`", key=True)
    task = system.spec.model.task if system.spec.model else ""
    readable = not system.origin.unreadable("spec", "model", "task")
    kind = "regression" if task == "regression" else task
    if kind not in known.tasks and readable:
        why = known.broken.get(kind, "it is not made for that")
        yield at(system, codes.CHECK_TASK, path, f"check `{name}` does not work for {task}: {why}", key=True)
    yield from parameters(system, name, one.params if one else {}, known.params, (*path, "params"))
    for condition, params in (one.conditions if one else {}).items():
        where = (*path, "conditions", condition)
        if condition not in known.conditions:
            help = did_you_mean(condition, list(known.conditions)) or f"it has {', '.join(known.conditions)}"
            message = f"check `{name}` has no condition `{condition}`"
            yield at(system, codes.CHECK_UNKNOWN, where, message, help=help, key=True)
        else:
            yield from parameters(system, condition, params, known.conditions[condition], where)


def parameters(
    system: System, owner: str, given: Mapping[str, Any], known: Mapping[str, Parameter], path: Path
) -> Iterator[Diagnostic]:
    """Report parameters that a check does not have, or has and is not given, or with values it does not take."""
    for name, value in given.items():
        parameter = known.get(name)
        if parameter is None:
            help = did_you_mean(name, list(known)) or f"it takes {', '.join(known) or 'none'}"
            message = f"`{owner}` has no parameter `{name}`"
            yield at(system, codes.CHECK_UNKNOWN, (*path, name), message, help=help, key=True)
        elif not parameter.takes(value):
            message = f"parameter `{name}` of `{owner}` takes {parameter.wanted}"
            yield at(system, codes.CHECK_UNKNOWN, (*path, name), message)
    for name, parameter in known.items():
        if parameter.required and name not in given:
            yield at(system, codes.CHECK_UNKNOWN, path, f"`{owner}` needs its parameter `{name}`", key=True)


def drift_methods(system: System) -> Iterator[Diagnostic]:
    """The engine must know the drift method."""
    live = system.spec.checks.live if system.spec.checks else None
    drift = live.drift if live else None
    if not drift or system.engines.checks.engine != "deepchecks":
        return
    for kind, method in (("numerical", drift.numerical), ("categorical", drift.categorical)):
        if method and (kind, method.method) not in deepchecks.DRIFT_METHODS:
            known = [word for of, word in deepchecks.DRIFT_METHODS if of == kind]
            path: Path = ("spec", "checks", "live", "drift", kind, "method")
            message = f"Deepchecks has no method `{method.method}` for {kind} columns"
            yield at(system, codes.DRIFT_WITHOUT_METHOD, path, message, help=f"use {' or '.join(known)}")


RULES = (gates, quality, computed, empty_live, engine_checks, drift_methods)
