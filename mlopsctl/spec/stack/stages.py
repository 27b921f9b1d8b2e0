"""Section `stack`: one engine per stage, from the list of engines."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field

from mlopsctl.engines import settings
from mlopsctl.spec.stack.settings import EngineSettings
from mlopsctl.spec.words import Section


class Stack(Section):
    """One engine per stage."""

    features: EngineSettings | None = None
    """The feature store."""
    pipelines: EngineSettings | None = None
    """The pipeline engine."""
    registry: EngineSettings | None = None
    """The model registry."""
    checks: EngineSettings | None = None
    """The engine of data and model checks."""
    serving: EngineSettings | None = None
    """The serving engine."""
    monitoring: EngineSettings | None = None
    """The monitoring engine."""
    dashboards: EngineSettings | None = None
    """The dashboards."""
    delivery: EngineSettings | None = None
    """The engine that applies the rendered tree."""
    ci: EngineSettings | None = None
    """The CI engine that checks pull requests."""
    secrets: EngineSettings | None = None
    """The secrets engine."""


STAGES = tuple(name for name, field in Stack.model_fields.items() if field.annotation == EngineSettings | None)


def allow(stage: str, classes: Iterable[type]) -> None:
    """Set the engines that a stage allows. Models that contain the stack must be rebuilt."""
    chosen = tuple(classes)
    arms: Any = reduce(or_, chosen)
    union: Any = Annotated[arms, Field(discriminator="engine")] if len(chosen) > 1 else arms
    Stack.model_fields[stage].annotation = union | None


for _stage in STAGES:
    allow(_stage, settings.sections(_stage))
