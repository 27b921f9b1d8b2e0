"""Gates and live checks: a metric of the task, bounded on its bad side, and a model to compute it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mlopsctl.catalogue import tasks
from mlopsctl.diagnostics.codes import training as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.model import System
from mlopsctl.rules.finding import Path, at


def gates(system: System) -> Iterator[Diagnostic]:
    """Require a metric of the task, bounded on its bad side, and for `maxDrop` a version to compare with."""
    checks, model = system.spec.checks, system.spec.model
    for metric, gate in (checks.gates if checks and model else {}).items():
        assert model  # noqa: S101 - the line above
        path: Path = ("spec", "checks", "gates", metric)
        yield from _metric(system, metric, gate.min, gate.max, path)
        yield from _drop(system, metric, gate.max_drop, path)
        served = system.training.locked if system.training else None
        key = ("environments", system.environment.name, "models", f"{model.registry.name}@{model.registry.alias}")
        unknown = system.workspace.lock_unreadable(*key) or system.origin.unreadable("spec", "model", "registry")
        if gate.max_drop is not None and served is None and system.training and not unknown:
            message = f"`{metric}` may drop by {gate.max_drop} from the served version, but the lock has none"
            help = "run `mlopsctl lock` once a version is registered"
            yield at(system, codes.DROP_WITHOUT_SERVED, (*path, "maxDrop"), message, help=help)


def quality(system: System) -> Iterator[Diagnostic]:
    """Check the metric and bounds of live quality like those of a gate."""
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
    task_metric = tasks.metric(task, name)
    if task_metric is None:
        names = list(tasks.metrics_of(task))
        other_tasks = " and ".join(tasks.tasks_of(name))
        usual = f"metrics of {task} include {', '.join(names[:6])}"
        help = f"`{name}` is a metric of {other_tasks}; {usual}" if other_tasks else did_you_mean(name, names) or usual
        where = (*path, field) if field else path
        yield at(system, codes.GATE_UNKNOWN, where, f"{task} has no metric `{name}`", help=help, key=field is None)
        return
    yield from _bounds(system, task_metric, low, high, path)
    if task_metric.higher_is_better and high is not None and low is None:
        message = f"higher `{name}` is better, but `max` limits it from above"
        yield at(system, codes.GATE_DIRECTION, (*path, "max"), message, help="use `min`", key=True)
    elif not task_metric.higher_is_better and low is not None and high is None:
        message = f"lower `{name}` is better, but `min` limits it from below"
        yield at(system, codes.GATE_DIRECTION, (*path, "min"), message, help="use `max`", key=True)


def _bounds(system: System, task_metric: tasks.TaskMetric, low: Any, high: Any, path: Path) -> Iterator[Diagnostic]:
    """Report bounds that no value of the metric meets, and bounds that every value meets."""
    span = f"`{task_metric.name}` ranges {_span(task_metric.low, task_metric.high)}"
    for field, never, always in (
        ("min", _above(low, task_metric.high), _at_most(low, task_metric.low)),
        ("max", _above(task_metric.low, high), _at_most(task_metric.high, high)),
    ):
        if never:
            message = f"this gate can never pass: {span}"
            yield at(system, codes.BOUND_OUT_OF_RANGE, (*path, field), message, help="use a value inside the range")
        elif always:
            message = f"this gate can never fail: {span}"
            yield at(
                system, codes.BOUND_OUT_OF_RANGE, (*path, field), message,
                help="use a value inside the range", severity=Severity.WARNING,
            )  # fmt: skip
    if _above(low, high):
        message = f"no value of `{task_metric.name}` is at least {low} and at most {high}"
        yield at(system, codes.BOUND_OUT_OF_RANGE, (*path, "min"), message, help="use a `min` below `max`")


def _drop(system: System, name: str, drop: Decimal | None, path: Path) -> Iterator[Diagnostic]:
    """Report a drop as large as the metric's whole range: the gate never rejects a model."""
    assert system.spec.model  # noqa: S101 - the caller looked
    task_metric = tasks.metric(system.spec.model.task, name)
    if drop is None or task_metric is None or task_metric.low is None or task_metric.high is None:
        return
    if drop >= task_metric.high - task_metric.low:
        message = f"this gate can never fail: `{name}` ranges {_span(task_metric.low, task_metric.high)}"
        least = task_metric.high - task_metric.low
        help = f"use less than {least}: `maxDrop` is in the metric's own unit, not a percentage"
        yield at(system, codes.BOUND_OUT_OF_RANGE, (*path, "maxDrop"), message, help=help, severity=Severity.WARNING)


def _above(decimal: Decimal | None, other: Decimal | None) -> bool:
    return decimal is not None and other is not None and decimal > other


def _at_most(decimal: Decimal | None, other: Decimal | None) -> bool:
    return decimal is not None and other is not None and decimal <= other


def _span(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return f"up to {high}"
    return f"from {low} up" if high is None else f"from {low} to {high}"


_DRIFT_ENDS_AT_1 = frozenset({"ks", "wasserstein", "cramers-v"})
"""Methods whose score is at most 1; `wasserstein` is normalised by the range of the values."""


def drift_bounds(system: System) -> Iterator[Diagnostic]:
    """Require drift bounds inside the method's range: scores are never negative and mostly at most 1."""
    live = system.spec.checks.live if system.spec.checks else None
    drift = live.drift if live else None
    for kind in ("numerical", "categorical") if drift else ():
        method = getattr(drift, kind)
        path: Path = ("spec", "checks", "live", "drift", kind, "max")
        if method and method.max < 0:
            message = f"every column drifts: {method.method} scores are never below 0"
            yield at(system, codes.BOUND_OUT_OF_RANGE, path, message, help="use a value above 0, such as 0.2")
        elif method and method.method in _DRIFT_ENDS_AT_1 and method.max >= 1:
            message = f"no column can drift: {method.method} scores are at most 1"
            yield at(system, codes.BOUND_OUT_OF_RANGE, path, message, help="use a value below 1, such as 0.2")


def computed(system: System) -> Iterator[Diagnostic]:
    """Require a model when model checks, gates or live checks are declared."""
    checks = system.spec.checks
    if checks is None or system.spec.model or system.origin.unreadable("spec", "model"):
        return
    requested = [name for name in ("data", "split", "model", "gates", "live") if getattr(checks, name)]
    if requested:
        message = f"no step computes {', '.join(requested)}: the spec has no model"
        help = "add a `model`, or remove these checks"
        yield at(system, codes.GATE_WITHOUT_STEP, ("spec", "checks"), message, help=help, key=True)


def empty_live(system: System) -> Iterator[Diagnostic]:
    """Report a live section without drift or quality: its runs compute nothing."""
    live = system.spec.checks.live if system.spec.checks else None
    if live and not live.drift and not live.quality and system.spec.model:
        message = "`live` has neither `drift` nor `quality`: the monitor checks nothing"
        help = "add `drift` or `quality`, or remove `live`"
        yield at(system, codes.GATE_WITHOUT_STEP, ("spec", "checks", "live"), message, help=help, key=True)


RULES = (gates, quality, computed, empty_live, drift_bounds)
