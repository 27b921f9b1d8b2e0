"""Limits of Argo Workflows that apply to no other engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.catalogue import own_metrics
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.argo_workflows import codes, conventions
from mlopsctl.engines.base import Limits
from mlopsctl.engines.shared import schedules


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Argo Workflows that the system hits."""
    return tuple(_findings(blueprint))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Yield a diagnostic per schedule and step that Argo Workflows cannot express."""
    for pipeline in blueprint.pipelines:
        yield from _schedules(pipeline)
        yield from _gauges(pipeline)


def _schedules(pipeline: Pipeline) -> Iterator[Diagnostic]:
    path = "spec.model.retrain.schedule.cron" if pipeline.purpose == "train" else "metadata.name"
    for schedule in pipeline.schedules:
        if why := schedules.unreadable(schedule.cron):
            message = f"Argo Workflows cannot read the schedule `{schedule.cron}`: {why}"
            yield codes.ARGO_CRON.at(None, message, path=path)


def _gauges(pipeline: Pipeline) -> Iterator[Diagnostic]:
    paths = {"monitor": "spec.checks.live.drift", "materialize": "spec.features.views"}
    most = conventions.MOST_METRICS
    room = f"but Argo Workflows exports at most {most} metrics per step"
    for step in pipeline.steps:
        path = paths.get(pipeline.purpose, "metadata.name")
        shares = [gauge for gauge in step.gauges if gauge.metric == own_metrics.MISSING]
        needed = len(step.gauges) - len(shares)
        if needed > most:
            message = f"step `{step.name}` reports {needed} metrics, {room}"
            yield codes.ARGO_METRICS.at(None, message, path=path)
        elif len(step.gauges) > most:
            lost = f"the missing-value ratios of {len(step.gauges) - most} columns are not exported"
            message = f"step `{step.name}` reports {len(step.gauges)} metrics, {room}: {lost}"
            yield codes.ARGO_SHARES.at(None, message, path=path)


LIMITS: Final = Limits(system=limits)
