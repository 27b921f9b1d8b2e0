"""Identity, placement, the engine of each stage, secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import force_setattr

from mlopsctl.blueprint.model.record import Record


class Identity(Record, frozen=True):
    """The identity of a system."""

    workspace: str
    system: str
    environment: str
    owner: str
    tier: int
    description: str
    protected: bool
    runbook: str | None


class Placement(Record, frozen=True):
    """The cluster and namespace of a unit, and its tree in Git. `path` is the unit's folder in the repository."""

    cluster: str
    namespace: str
    repository: str | None
    branch: str
    path: str


class Settings(dict[str, Any]):
    """The settings of an engine. A setting without a value is left out and reads as None."""

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
    """A secret that rendered objects refer to by name. `keys` are its required keys; empty means all of its keys.

    A `shared` secret belongs to the environment's stack: several systems refer to it, and it is rendered once.
    """

    name: str
    keys: tuple[str, ...]
    purpose: str
    shared: bool = False
