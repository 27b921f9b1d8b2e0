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
    """One engine a stage."""

    features: EngineSettings | None = None
    """The feature store."""
    pipelines: EngineSettings | None = None
    """What runs the steps."""
    registry: EngineSettings | None = None
    """Where models are registered."""
    checks: EngineSettings | None = None
    """What checks data and models."""
    serving: EngineSettings | None = None
    """What serves models."""
    monitoring: EngineSettings | None = None
    """What watches."""
    dashboards: EngineSettings | None = None
    """What shows."""
    delivery: EngineSettings | None = None
    """What applies the rendered tree."""
    ci: EngineSettings | None = None
    """What checks pull requests."""
    secrets: EngineSettings | None = None
    """Where secrets come from."""


STAGES = tuple(name for name, field in Stack.model_fields.items() if field.annotation == EngineSettings | None)


def allow(stage: str, classes: Iterable[type]) -> None:
    """Let engines with these settings stand at a stage, and no others. Models that have the stack must be rebuilt."""
    chosen = tuple(classes)
    arms: Any = reduce(or_, chosen)
    union: Any = Annotated[arms, Field(discriminator="engine")] if len(chosen) > 1 else arms
    Stack.model_fields[stage].annotation = union | None


for _stage in STAGES:
    allow(_stage, settings.sections(_stage))
