"""Alerts: every one with its condition, threshold, labels and words.

In: the decided objectives, views, monitors and pipelines. Out: neutral alerts. Thresholds are derived here, once:
a dashboard draws the same number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from mlopsctl.blueprint import clock, names
from mlopsctl.blueprint.model import (
    AgeCondition,
    Alert,
    BoundCondition,
    BurnCondition,
    Checks,
    Condition,
    CountCondition,
    ExpressionCondition,
    Features,
    OverdueCondition,
    Pipeline,
    Series,
    Slo,
    View,
)
from mlopsctl.blueprint.pipelines import by_purpose
from mlopsctl.catalogue import metrics, signals
from mlopsctl.catalogue.exporters import own
from mlopsctl.resolve import model as resolved

HOLD = 5 * clock.MINUTE


def spent_within(slo: Slo, severity: str) -> str:
    """Return how long the whole budget lasts at the slowest pace this severity alerts on, in whole days or hours."""
    slowest = min(burn.factor for burn in slo.burns if burn.severity == severity)
    seconds = int(slo.window / slowest)
    unit = clock.DAY if seconds >= 2 * clock.DAY else clock.HOUR
    return clock.text(max(seconds // unit, 1) * unit)


class Watched(NamedTuple):
    """What alerts are about."""

    slos: tuple[Slo, ...]
    features: Features | None
    checks: Checks | None
    pipelines: tuple[Pipeline, ...]


def alerts(system: resolved.System, watched: Watched) -> tuple[Alert, ...]:
    """Decide the system's alerts, in the order of the spec's section."""
    section = system.spec.alerts
    if section is None:
        return ()
    found = [*_burning(system, watched.slos)]
    if section.freshness and watched.features:
        found += _stale(system, watched, section.freshness.severity)
    if watched.checks and watched.checks.live and by_purpose(watched.pipelines, "monitor"):
        found += _live(system, watched, section)
    if section.training:
        found += _training(system, watched, section.training)
    return (*found, *_own(system, section))


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
    hold: int = HOLD,
    **labels: str,
) -> Alert:
    whose = {
        "severity": severity,
        "system": system.name,
        "environment": system.environment.name,
        "namespace": system.environment.namespace,
        "owner": system.metadata.owner,
        "tier": str(system.metadata.tier),
        **labels,
    }
    return Alert(name, group, severity, condition, hold, summary, description, whose, source)


def _burning(system: resolved.System, slos: tuple[Slo, ...]) -> Iterator[Alert]:
    for slo in slos:
        if slo.of_candidate:
            continue
        what = "fails" if slo.kind == "availability" else "is slow"
        for severity, pace in (("page", "Fast"), ("ticket", "Slow")):
            if any(burn.severity == severity for burn in slo.burns):
                yield _alert(
                    system,
                    names.camel(system.name, slo.name) + f"{pace}Burn",
                    "slo",
                    severity,
                    BurnCondition(slo.id),
                    f"{slo.endpoint} {what} for more requests than its objective allows",
                    f"At this pace the error budget that {slo.name} has for {clock.text(slo.window)} is spent "
                    f"in {spent_within(slo, severity)} or sooner.",
                    f"spec.alerts.slos.{slo.name}",
                    hold=0,
                    slo_id=slo.id,
                )


def stale_after(view: View, cadence: int | None) -> int:
    """Return the age, in seconds, at which a view's newest online row is late.

    A row is at most cadence + every old just before the next materialisation; half an interval more is patience, and
    the ttl is the end: after it the row is not valid at all.
    """
    every = view.every or 0
    return min((cadence or 0) + every + every // 2, view.ttl) if cadence else view.ttl


def _stale(system: resolved.System, watched: Watched, severity: str) -> Iterator[Alert]:
    assert watched.features  # noqa: S101 - the caller looked
    cadences = {source.name: source.cadence for source in watched.features.sources}
    for view in watched.features.views:
        if view.every:
            threshold = stale_after(view, cadences[view.source])
            series = own_series(system, own.TIMESTAMP, ("view", "=", view.name))
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
    """Return a series that the system's own steps export, under the name its pipeline engine gives it."""
    name = metrics.own_name(metric, system.engines.pipelines.engine)
    whose = (("system", "=", system.name), ("environment", "=", system.environment.name))
    return Series(name, (*whose, *matchers))


def _live(system: resolved.System, watched: Watched, section: Any) -> Iterator[Alert]:
    live = watched.checks.live if watched.checks else None
    assert live  # noqa: S101 - the caller looked
    methods = dict.fromkeys((column.method, column.max) for column in live.drift)
    for method, bound in methods if section.drift else ():
        series = own_series(system, own.DRIFT, ("method", "=", method))
        yield _alert(
            system,
            names.camel(system.name, method) + "Drift",
            "drift",
            section.drift.severity,
            BoundCondition(series, ">", bound, by=("column",)),
            "live inputs drifted away from the training data",
            f"The {method} score of the column against the training data is above {bound}.",
            "spec.checks.live.drift",
            method=method,
        )
    yield from _silent(system, watched, section)
    if live.quality and section.quality:
        quality = live.quality
        series = own_series(system, own.QUALITY, ("metric", "=", quality.metric))
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
"""So many runs of the live monitor may be missed before somebody is told."""


def _silent(system: resolved.System, watched: Watched, section: Any) -> Iterator[Alert]:
    """Tell when the monitor itself has stopped: drift and quality would stay at their last number, and be silent."""
    pipeline = by_purpose(watched.pipelines, "monitor")
    told = section.drift or section.quality
    succeeded = _runs(system, pipeline, "succeeded") if pipeline else None
    if pipeline and pipeline.schedules and told and succeeded:
        window = MISSED * pipeline.schedules[0].period
        yield _alert(
            system,
            names.camel(system.name) + "MonitoringOverdue",
            "drift" if section.drift else "quality",
            told.severity,
            OverdueCondition(succeeded, window),
            f"{pipeline.name} has not succeeded in {clock.text(window)}",
            "Drift and quality are not measured, so their alerts stay silent whatever happens.",
            "spec.checks.live.every",
            hold=0,
            pipeline=pipeline.name,
        )


def _training(system: resolved.System, watched: Watched, section: Any) -> Iterator[Alert]:
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
            CountCondition(failed, clock.HOUR, gauge=signals.counts_fall(system.engines.pipelines.engine)),
            f"a run of {pipeline.name} failed",
            "The failed step's log says why; the model that is served stays as it is.",
            "spec.alerts.training.failed",
            hold=0,
            pipeline=pipeline.name,
        )
    if section.overdue and succeeded and pipeline.schedules:
        window = pipeline.schedules[0].period + overdue_patience(pipeline)
        yield _alert(
            system,
            names.camel(system.name) + "TrainingOverdue",
            "training",
            section.overdue,
            OverdueCondition(succeeded, window),
            f"{pipeline.name} has not succeeded in {clock.text(window)}",
            "The schedule says that a run should have succeeded by now.",
            "spec.alerts.training.overdue",
            hold=0,
            pipeline=pipeline.name,
        )


def _runs(system: resolved.System, pipeline: Pipeline, outcome: Literal["failed", "succeeded"]) -> Series | None:
    """Return the series that counts a pipeline's runs."""
    owner = (system.name, system.environment.name)
    engine, namespace = system.engines.pipelines.engine, system.environment.namespace
    found = signals.run_series(engine, pipeline.name, outcome, namespace, owner)
    return Series(found.metric, found.matchers) if found else None


def overdue_patience(pipeline: Pipeline) -> int:
    """Return how long a run may take before the schedule counts as missed: its longest step twice, at most a day."""
    return min(2 * max(step.timeout for step in pipeline.steps), clock.DAY)


def _own(system: resolved.System, section: Any) -> Iterator[Alert]:
    for name, rule in section.rules.items():
        made = _alert(
            system,
            name,
            "own",
            rule.severity,
            ExpressionCondition(rule.expr),
            rule.summary,
            rule.description,
            f"spec.alerts.rules.{name}",
            hold=rule.for_.seconds if rule.for_ else 0,
        )
        # The labels that routes go by are not the user's to change.
        yield replace(made, labels={**rule.labels, **made.labels})
