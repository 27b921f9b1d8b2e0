"""Choose the engine of each stage: the environment's, otherwise the workspace's, otherwise the default."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import replace

from mlopsctl.engines.settings import default
from mlopsctl.resolve.model import Engines
from mlopsctl.spec.checks import Checks
from mlopsctl.spec.stack import choice
from mlopsctl.spec.stack.stages import Stack

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def engines(
    workspace: Stack, environment: Stack, has_repository: bool, instead: Mapping[str, Any] = NOTHING
) -> Engines:
    """Choose each stage's engine; `instead` takes precedence.

    Argo CD needs a repository, so without one there is no delivery. Only the workspace sets the CI engine.
    """

    def chosen(stage: str) -> Any:
        named = instead.get(stage) or getattr(environment, stage) or getattr(workspace, stage)
        return named or choice.built(stage, default(stage))[0]

    return Engines(
        features=chosen("features"),
        pipelines=chosen("pipelines"),
        registry=chosen("registry"),
        checks=chosen("checks"),
        serving=chosen("serving"),
        monitoring=chosen("monitoring"),
        dashboards=chosen("dashboards"),
        delivery=chosen("delivery") if has_repository else None,
        ci=instead.get("ci") or workspace.ci,
        secrets=chosen("secrets"),
    )


def of_system(chosen: Engines, checks: Checks | None) -> Engines:
    """Prefer a system's own checks engine; the workspace may add settings of the same engine."""
    own = checks.engine if checks else None
    if own is None or own == chosen.checks.engine:
        return chosen
    return replace(chosen, checks=choice.built("checks", own)[0])
