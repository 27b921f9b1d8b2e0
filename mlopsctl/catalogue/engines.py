"""Which engine may stand at which stage, in which versions, and what it can do.

In: a stage, an engine's name and version, an ability's name. Out: frozen values. Never renders anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.ability import Ability, Engine, State, no
from mlopsctl.catalogue.versions import at_least, is_of

__all__ = ["PRODUCES", "STAGES", "Ability", "Engine", "State", "covers", "engine", "engines", "supports"]

STAGES: Final = (
    "features",
    "pipelines",
    "registry",
    "checks",
    "serving",
    "monitoring",
    "dashboards",
    "delivery",
    "ci",
    "secrets",
)
PRODUCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "features": "the feature project: entities, sources, views, transforms, sets",
        "pipelines": "training, materialisation, monitoring, rollouts; schedules; runs on change",
        "registry": "where the steps track runs, register versions and move aliases",
        "checks": "what data, splits and models must hold; drift of what is served",
        "serving": "models, canaries, mirrors, autoscaling",
        "monitoring": "burn-rate, freshness, drift, quality and training alerts, each with a unit test",
        "dashboards": "one dashboard a system",
        "delivery": "a project, one application a system, sync waves, health checks",
        "ci": "the pull request's checks",
        "secrets": "references, never contents",
    }
)
"""What comes out of each stage, in a few words."""
_TABLES: Final[Mapping[str, str]] = MappingProxyType({"serving": "serving_engines", "pipelines": "pipeline_engines"})


@cache
def engines(stage: str) -> tuple[Engine, ...]:
    """List the engines that may stand at a stage, the default first; Seldon's two generations are two."""
    table = _TABLES.get(stage, "platform_engines")
    known: tuple[Engine, ...] = import_module(f"mlopsctl.catalogue.{table}").ENGINES
    return tuple(each for each in known if each.stage == stage)


def engine(stage: str, name: str, version: str = "") -> Engine | None:
    """Find an engine at a stage: the entry that covers the version, else the newest of that name."""
    named = [each for each in engines(stage) if each.name == name]
    covering = [each for each in named if version and covers(each, version)]
    return next(iter(covering or named), None)


def covers(entry: Engine, version: str) -> bool:
    """Tell whether rendering for a version of the engine is supported; engines without versions take any."""
    return not entry.versions or any(is_of(version, line) for line in entry.versions)


def supports(stage: str, name: str, version: str, ability: str, mode: str = "") -> Ability:
    """Say whether an engine's version can do something, and if not why, and what to do instead.

    `mode` is the engine's own mode of working, where that decides (KServe's Standard and Knative).
    Raises KeyError for an ability that the stage's engine does not list: a misspelling in our own code.
    """
    found = engine(stage, name, version)
    if found is None:
        return no(f"{name} is no engine of stage {stage}")
    known, special = found.capabilities, f"{ability}@{mode}"
    answer = known[special] if special in known else known[ability]
    if answer.since and not at_least(version, answer.since):
        return no(answer.why or f"needs {name} {answer.since}", answer.instead or f"version {answer.since}")
    return answer
