"""`request-training`: start a training run if the inputs drifted, within the limits.

The times of the last runs are read from the engine's runs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Protocol, runtime_checkable

from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.engines.known import engine
from mlopsctl.runtime.step_context import StepContext, StepFailed

WEEK = timedelta(days=7)


def run(step_context: StepContext) -> None:
    """Start a run if the inputs drifted and the limits allow it."""
    if step_context.parameter("drifted") != "true":
        step_context.log.say("the inputs have not drifted: no training run is started")
        return
    runs = _runs(step_context)
    pipeline = next((pipeline for pipeline in step_context.blueprint.pipelines if pipeline.purpose == "train"), None)
    if pipeline is None:
        raise StepFailed("this system has no training pipeline", "spec.model")
    before = runs.starts(step_context, pipeline, step_context.now - WEEK)
    why_not = too_soon(
        step_context.now, before, _number(step_context, "cooldown"), _number(step_context, "max-per-week")
    )
    if why_not:
        step_context.log.say(f"the inputs drifted, but no training run is started: {why_not}")
        return
    step_context.log.say(f"the inputs drifted: {runs.start(step_context, pipeline)} is started")


@runtime_checkable
class RunStarter(Protocol):
    """The module of a pipeline engine that knows its training runs."""

    def starts(self, step_context: StepContext, pipeline: Pipeline, since: datetime) -> list[datetime]:
        """List when runs were started for drift, since a moment."""

    def start(self, step_context: StepContext, pipeline: Pipeline) -> str:
        """Start a run, and return its name."""


def _runs(step_context: StepContext) -> RunStarter:
    """Import what knows the engine's runs."""
    chosen = step_context.blueprint.engines.pipelines
    entry = engine("pipelines", chosen.name, chosen.version)
    if entry is None or entry.pipelines is None or not entry.pipelines.starter:
        raise StepFailed(f"{chosen.name} cannot start a run from within a run", "spec.model.retrain.onDrift")
    starter = import_module(entry.pipelines.starter)
    if not isinstance(starter, RunStarter):
        raise StepFailed(f"{entry.pipelines.starter} needs the functions `starts` and `start`")
    return starter


def too_soon(now: datetime, starts: list[datetime], cooldown: int, most: int) -> str:
    """Return why no run may start now; empty if it may."""
    within = [start for start in starts if now - start < WEEK]
    if within and now - max(within) < timedelta(seconds=cooldown):
        return f"the last such run started at {max(within).isoformat()}, less than {cooldown} seconds ago"
    if len(within) >= most:
        return f"{len(within)} such runs started in the last seven days, and {most} are allowed"
    return ""


def _number(step_context: StepContext, name: str) -> int:
    text = step_context.parameter(name)
    if not text.isdecimal():
        raise StepFailed(f"{name} must be a whole number, not `{text}`")
    return int(text)
