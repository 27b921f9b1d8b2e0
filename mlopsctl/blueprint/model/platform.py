"""Who and where: identity, placement, the engine of each stage, secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import force_setattr

from mlopsctl.blueprint.model.record import Record


class Identity(Record, frozen=True):
    """Who and what this is."""

    workspace: str
    system: str
    environment: str
    owner: str
    tier: int
    description: str
    protected: bool
    runbook: str | None


class Placement(Record, frozen=True):
    """Where it runs, and where the rendered tree is committed. `path` is the unit's folder in the repository."""

    cluster: str
    namespace: str
    repository: str | None
    branch: str
    path: str


class Settings(dict[str, Any]):
    """The settings of an engine. One that has no value is left out, and reads as None."""

    def __missing__(self, key: str) -> None:
        return None


def _settings(value: Any) -> Any:
    """Return plain settings as `Settings`, at every depth."""
    return Settings({key: _settings(inner) for key, inner in value.items()}) if isinstance(value, dict) else value


class Engine(Record, frozen=True):
    """The engine of a stage. `settings` are the workspace's, camelCase keys, plain values."""

    name: str
    version: str
    settings: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Return None for every missing setting."""
        force_setattr(self, "settings", _settings(self.settings))


class Engines(Record, frozen=True):
    """The engine of each stage."""

    features: Engine
    pipelines: Engine
    registry: Engine
    checks: Engine
    serving: Engine
    monitoring: Engine
    dashboards: Engine
    delivery: Engine | None
    ci: Engine | None
    secrets: Engine


class Secret(Record, frozen=True):
    """A secret that rendered objects refer to by name. `keys` are the entries it must have, none: those it has.

    A `shared` one is of the environment's stack: several systems refer to it, and it is there once.
    """

    name: str
    keys: tuple[str, ...]
    purpose: str
    shared: bool = False
