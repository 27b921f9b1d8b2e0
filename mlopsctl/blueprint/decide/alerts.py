"""Decide alerts, with their conditions, thresholds, labels and texts.

Thresholds are derived only here; dashboards draw the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from mlopsctl.blueprint.decide import clock, names
from mlopsctl.blueprint.decide.pipelines import by_purpose
from mlopsctl.blueprint.model.alerts import (
    AgeCondition,
    Alert,
    BoundCondition,
    BurnCondition,
    Condition,
    ExpressionCondition,
    FailureCondition,
    OverdueCondition,
)
from mlopsctl.blueprint.model.checks import Checks, DriftColumn
from mlopsctl.blueprint.model.features import Features, View
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.catalogue import own_metrics
from mlopsctl.catalogue.types import is_numeric
from mlopsctl.engines import metrics, signals
from mlopsctl.resolve import model as resolved

HOLD_S = 5 * clock.MINUTE


def spent_within(slo: Slo, severity: str) -> str:
    """Return how long the whole budget lasts at the slowest pace this severity alerts on, in whole days or hours."""
    slowest = min(burn.factor for burn in slo.burns if burn.severity == severity)
    seconds = int(slo.window / slowest)
    unit = clock.DAY if seconds >= 2 * clock.DAY else clock.HOUR
    return clock.text(max(seconds // unit, 1) * unit)


class AlertInputs(NamedTuple):
    """The parts of a system that alerts watch."""

    slos: tuple[Slo, ...]
    features: Features | None
    checks: Checks | None
    pipelines: tuple[Pipeline, ...]


def alerts(system: resolved.System, watched: AlertInputs) -> tuple[Alert, ...]:
    """Decide the system's alerts, in the order of the spec's section."""
    section = system.spec.alerts
    if section is None:
        return ()
    decided = [*_burning(system, watched.slos)]
    if section.freshness and watched.features:
        decided += _stale(system, watched, section.freshness.severity)
    if watched.checks and watched.checks.live and by_purpose(watched.pipelines, "monitor"):
        decided += _live(system, watched, section)
    if section.training:
        decided += _training(system, watched, section.training)
    return (*decided, *_own(system, section))


def _alert(
    system: resolved.System,
    name: str,
    group: Any,
    severity: Any,
    condition: Condition,
    summary: str,
    description: str,
    source: str,
    *,
    hold_s: int = HOLD_S,
    **labels: str,
) -> Alert:
    alert_labels = {
        "severity": severity,
        "system": system.name,
        "environment": system.environment.name,
        "namespace": system.environment.namespace,
        "owner": system.metadata.owner,
        "tier": str(system.metadata.tier),
        **labels,
    }
    return Alert(name, group, severity, condition, hold_s, summary, description, alert_labels, source)


def _burning(system: resolved.System, slos: tuple[Slo, ...]) -> Iterator[Alert]:
    for slo in slos:
        if slo.of_candidate:
            continue
        trouble = "fails" if slo.kind == "availability" else "is slow"
        for severity, pace in (("page", "Fast"), ("ticket", "Slow")):
            if any(burn.severity == severity for burn in slo.burns):
                yield _alert(
                    system,
                    names.camel(system.name, slo.name) + f"{pace}Burn",
                    "slo",
                    severity,
                    BurnCondition(slo.id),
                    f"{slo.endpoint} {trouble} for more requests than its objective allows",
                    f"At this pace the error budget that {slo.name} has for {clock.text(slo.window)} is spent "
                    f"in {spent_within(slo, severity)} or sooner.",
                    f"spec.alerts.slos.{slo.name}",
                    hold_s=0,
                    slo_id=slo.id,
                )


def stale_after(view: View, cadence_s: int | None) -> int:
    """Return the age, in seconds, at which a view's newest online row is late.

    A row is at most cadence + every old just before the next materialisation; half an interval is tolerance, and
    the ttl is the upper limit, because older rows are invalid.
    """
    interval_s = view.every or 0
    return min((cadence_s or 0) + interval_s + interval_s // 2, view.ttl) if cadence_s else view.ttl


def _stale(system: resolved.System, watched: AlertInputs, severity: str) -> Iterator[Alert]:
    assert watched.features  # noqa: S101 - the caller looked
    cadences = {source.name: source.cadence for source in watched.features.sources}
    for view in watched.features.views:
        if view.every:
            threshold = stale_after(view, cadences[view.source])
            series = own_series(system, own_metrics.TIMESTAMP, ("view", "=", view.name))
            yield _alert(
                system,
                names.camel(system.name, view.name) + "Stale",
                "freshness",
                severity,
                AgeCondition(series, threshold),
                f"features of {view.name} are stale",
                f"The newest row of {view.name} in the online store is older than {clock.text(threshold)}, "
                "or was never reported.",
                f"spec.features.views.{view.name}.ttl",
                view=view.name,
            )


def own_series(system: resolved.System, metric: str, *matchers: tuple[str, str, str]) -> Series:
    """Return a series that the system's steps export, under the name that the pipeline engine gives it."""
    name = metrics.own_name(metric, system.engines.pipelines.engine)
    own_matchers = (("system", "=", system.name), ("environment", "=", system.environment.name))
    return Series(name, (*own_matchers, *matchers))


def _live(system: resolved.System, watched: AlertInputs, section: Any) -> Iterator[Alert]:
    live = watched.checks.live if watched.checks else None
    assert live  # noqa: S101 - the caller looked
    watched_columns: dict[tuple[str, Any], list[DriftColumn]] = {}
    for column in live.drift if section.drift else ():
        watched_columns.setdefault((column.method, column.max), []).append(column)
    methods = [method for method, _ in watched_columns]
    for (method, bound), columns in watched_columns.items():
        # A method used for numbers and categories, with a bound each, gives two alerts.
        kind = ("numerical" if is_numeric(columns[0].type) else "categorical",) if methods.count(method) > 1 else ()
        # An exporter may keep exporting a column that is no longer watched.
        which = signals.matching("column", tuple([column.name for column in columns]))
        series = own_series(system, own_metrics.DRIFT, ("method", "=", method), which)
        missing = own_series(system, own_metrics.MISSING, which)
        yield _alert(
            system,
            names.camel(system.name, method, *kind) + "Drift",
            "drift",
            section.drift.severity,
            BoundCondition(series, ">", bound, by=("column",), missing=missing),
            "live inputs drifted away from the training data",
            f"The {method} score of the column against the training data is above {bound}.",
            "spec.checks.live.drift",
            method=method,
        )
    yield from _monitoring_overdue(system, watched, section)
    if live.quality and section.quality:
        quality = live.quality
        series = own_series(system, own_metrics.QUALITY, ("metric", "=", quality.metric))
        yield _alert(
            system,
            names.camel(system.name, "quality") + "Low",
            "quality",
            section.quality.severity,
            BoundCondition(series, "<" if quality.higher_is_better else ">", quality.bound),
            f"{quality.metric} of the served model is worse than {quality.bound}",
            "Measured on rows whose label is known by now.",
            "spec.checks.live.quality",
            metric=quality.metric,
        )


MISSED = 3
"""The number of missed runs of the live monitor before an alert fires."""


def _monitoring_overdue(system: resolved.System, watched: AlertInputs, section: Any) -> Iterator[Alert]:
    """Alert on a stopped monitor: drift and quality would silently keep their last values."""
    pipeline = by_purpose(watched.pipelines, "monitor")
    alert_section = section.drift or section.quality
    succeeded = _runs(system, pipeline, "succeeded") if pipeline else None
    if pipeline and pipeline.schedules and alert_section and succeeded:
        window = MISSED * pipeline.schedules[0].period
        yield _alert(
            system,
            names.camel(system.name) + "MonitoringOverdue",
            "drift" if section.drift else "quality",
            alert_section.severity,
            OverdueCondition(succeeded.series, window, succeeded.alive),
            f"{pipeline.name} has not succeeded in {clock.text(window)}",
            "Drift and quality are not measured, so their alerts stay silent whatever happens.",
            "spec.checks.live.every",
            hold_s=0,
            pipeline=pipeline.name,
        )


def _training(system: resolved.System, watched: AlertInputs, section: Any) -> Iterator[Alert]:
    pipeline = by_purpose(watched.pipelines, "train")
    if pipeline is None:
        return
    failed, succeeded = _runs(system, pipeline, "failed"), _runs(system, pipeline, "succeeded")
    if section.failed and failed:
        yield _alert(
            system,
            names.camel(system.name) + "TrainingFailed",
            "training",
            section.failed,
            FailureCondition(failed.series, clock.HOUR, failed.alive),
            f"a run of {pipeline.name} failed",
            "The failed step's log says why; the model that is served stays as it is.",
            "spec.alerts.training.failed",
            hold_s=0,
            pipeline=pipeline.name,
        )
    if section.overdue and succeeded and pipeline.schedules:
        window = pipeline.schedules[0].period + overdue_patience(pipeline)
        yield _alert(
            system,
            names.camel(system.name) + "TrainingOverdue",
            "training",
            section.overdue,
            OverdueCondition(succeeded.series, window, succeeded.alive),
            f"{pipeline.name} has not succeeded in {clock.text(window)}",
            "The schedule says that a run should have succeeded by now.",
            "spec.alerts.training.overdue",
            hold_s=0,
            pipeline=pipeline.name,
        )


class _Runs(NamedTuple):
    """The series of ended runs: end times, or a count that may fall, with a series that is up while the exporter is."""

    series: Series
    alive: Series | None


def _runs(system: resolved.System, pipeline: Pipeline, outcome: Literal["failed", "succeeded"]) -> _Runs | None:
    """Return the series of a pipeline's runs with an outcome: end times where the engine exports them, else a count."""
    owner = (system.name, system.environment.name)
    engine, namespace = system.engines.pipelines.engine, system.environment.namespace
    ended = signals.run_ends(engine, pipeline.name, outcome, owner)
    if ended:
        return _Runs(Series(*ended), None)
    counted, alive = signals.run_series(engine, pipeline.name, outcome, namespace, owner), signals.alive_series(engine)
    return _Runs(Series(*counted), Series(*alive)) if counted and alive else None


def overdue_patience(pipeline: Pipeline) -> int:
    """Return how long a run may take before the schedule counts as missed: its longest step twice, at most a day."""
    return min(2 * max(step.timeout for step in pipeline.steps), clock.DAY)


def _own(system: resolved.System, section: Any) -> Iterator[Alert]:
    for name, rule in section.rules.items():
        alert = _alert(
            system,
            name,
            "own",
            rule.severity,
            ExpressionCondition(rule.expr),
            rule.summary,
            rule.description,
            f"spec.alerts.rules.{name}",
            hold_s=rule.for_.seconds if rule.for_ else 0,
        )
        # Users cannot change the labels that routes match.
        yield replace(alert, labels={**rule.labels, **alert.labels})
