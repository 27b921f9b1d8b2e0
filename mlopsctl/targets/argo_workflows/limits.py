"""What Argo Workflows cannot do of what a system asks for.

In: a blueprint. Out: findings that name the spec field. Never a rule that holds for other engines, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import Blueprint, Pipeline
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets import schedules
from mlopsctl.targets.argo_workflows import conventions


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Tell what Argo Workflows cannot do of what the system asks for."""
    return tuple(_findings(blueprint))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Yield one finding a thing that cannot be expressed."""
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
    for step in pipeline.steps:
        if len(step.gauges) > conventions.MOST_METRICS:
            message = (
                f"the step `{step.name}` reports {len(step.gauges)} numbers, "
                f"and Argo Workflows exports at most {conventions.MOST_METRICS} of one step"
            )
            yield codes.ARGO_METRICS.at(None, message, path=paths.get(pipeline.purpose, "metadata.name"))
