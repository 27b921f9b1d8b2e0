"""What Polyaxon cannot do of what a system asks for, and what its own reader lets pass.

In: a blueprint. Out: findings that name the spec field. What the pipelines are asked for and Polyaxon has no place for
is told by the rules, as are texts that it would take for templates; here is what shows only once a file is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import Blueprint, Pipeline, Shared
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.targets import numbers, schedules


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Tell what Polyaxon cannot do of what the system asks for."""
    return tuple(_findings(blueprint))


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Tell what is wrong with the engine's own settings."""
    settings = shared.engines.pipelines.settings
    if settings.get("queue") and settings.get("edition") != "commercial":
        message = f"the queue `{settings['queue']}` needs the commercial edition of Polyaxon"
        return (codes.POLYAXON_QUEUE.at(None, message, path="spec.stack.pipelines.queue"),)
    return ()


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    yield from numbers.unreported(blueprint, "Polyaxon")
    for pipeline in blueprint.pipelines:
        yield from _schedules(pipeline)


def _schedules(pipeline: Pipeline) -> Iterator[Diagnostic]:
    path = "spec.model.retrain.schedule.cron" if pipeline.purpose == "train" else "metadata.name"
    for schedule in pipeline.schedules:
        if why := schedules.unreadable(schedule.cron):
            message = f"Polyaxon cannot read the schedule `{schedule.cron}`: {why}"
            yield codes.POLYAXON_CRON.at(None, message, path=path)
