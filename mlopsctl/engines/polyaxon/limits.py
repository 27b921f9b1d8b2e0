"""Limits of Polyaxon that are visible only in a rendered file, and errors that its own reader accepts.

Unsupported pipeline fields and template syntax in texts are reported by the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.polyaxon import codes
from mlopsctl.engines.shared import numbers, schedules


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Polyaxon that the system hits."""
    return tuple(_findings(blueprint))


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Report a queue without the commercial edition."""
    settings = shared.engines.pipelines.settings
    if settings.get("queue") and settings.get("edition") != "commercial":
        message = f"the queue `{settings['queue']}` requires the commercial edition of Polyaxon"
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


LIMITS: Final = Limits(system=limits, shared=limits_shared)
