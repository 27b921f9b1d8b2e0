"""Paths in specs, workspace and lock, and the owners of pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared

WORKSPACE, LOCK = "workspace", "lock"
"""Names of the workspace file and the lock in a path."""


class SpecPath(NamedTuple):
    """A path in a document: a system's name, `workspace` or `lock`, and the keys."""

    document: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """Format the path; a key with a dot is quoted."""
        keys = ['"' + key + '"' if "." in key else key for key in self.keys]
        return f"{self.document}:{'.'.join(keys)}"

    def below(self, key: str) -> SpecPath:
        """Return the path of a key below this one."""
        return SpecPath(self.document, (*self.keys, key))

    def meets(self, other: SpecPath) -> bool:
        """Return whether one path contains the other."""
        shorter = min(len(self.keys), len(other.keys))
        return self.document == other.document and self.keys[:shorter] == other.keys[:shorter]


Paths = Iterator[SpecPath]


class Owner(NamedTuple):
    """The owner of a piece, and the other systems of the environment."""

    subject: Blueprint | Shared
    shared: Shared

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self.shared.environment

    @property
    def blueprint(self) -> Blueprint:
        """The system's Blueprint; not available for the shared unit."""
        assert isinstance(self.subject, Blueprint)  # noqa: S101 - a piece of a system stands in the system's files
        return self.subject

    def neighbour(self, system: str) -> Owner | None:
        """Return the system of the environment with that name, if there is one."""
        blueprint = next((blueprint for blueprint in self.shared.systems if blueprint.identity.system == system), None)
        return Owner(blueprint, self.shared) if blueprint else None

    def spec(self, dotted: str, *keys: str) -> SpecPath:
        """Return a path in the system's spec."""
        return SpecPath(self.blueprint.identity.system, ("spec", *dotted.split("."), *keys))


def owner_of(unit: str, shared: Shared) -> Owner:
    """Return the owner of a unit of the tree: a system, or the shared unit."""
    return Owner(next((system for system in shared.systems if system.identity.system == unit), shared), shared)


def documents(owner: Owner) -> frozenset[str]:
    """Return the documents of a unit's pieces: its own, the shared ones, those of systems it reads."""
    systems = [owner.subject] if isinstance(owner.subject, Blueprint) else owner.shared.systems
    sets = [feature_set for system in systems for feature_set in (system.features.sets if system.features else ())]
    read = {lookup.system for feature_set in sets for lookup in feature_set.lookups}
    return frozenset({WORKSPACE, LOCK, *read, *(system.identity.system for system in systems)})


def workspace(*keys: str) -> SpecPath:
    """Return a path in the workspace's file."""
    return SpecPath(WORKSPACE, ("spec", *keys))


def workspace_name(owner: Owner) -> Paths:
    """Yield the path of the workspace's name; without a workspace, that of the spec's name."""
    yield SpecPath(WORKSPACE, ("metadata", "name"))
    if [system.identity.system for system in owner.shared.systems] == [owner.shared.workspace]:
        yield SpecPath(owner.shared.workspace, ("metadata", "name"))


def stack(owner: Owner, stage: str, *keys: str) -> Paths:
    """Yield the paths of a stage's engine or of a setting: those of the environment override the workspace's.

    A setting that the chosen engine does not have is skipped.
    """
    if keys and keys[0] not in getattr(owner.subject.engines, stage).settings:
        return
    yield workspace("environments", owner.environment, "stack", stage, *keys)
    yield workspace("stack", stage, *keys)


def default(owner: Owner, *keys: str) -> Paths:
    """Yield where a default is set: an environment's own replaces the workspace's."""
    yield workspace("environments", owner.environment, "defaults", *keys)
    yield workspace("defaults", *keys)


def namespace(owner: Owner) -> SpecPath:
    """Return the path of the environment's namespace, which also identifies series and alerts."""
    return workspace("environments", owner.environment, "namespace")


def image(owner: Owner) -> Paths:
    yield owner.spec("model.code.image")
    yield from default(owner, "image")
    yield SpecPath(LOCK, ("environments", owner.environment, "images"))


def pods(owner: Owner) -> Paths:
    """Yield where settings of pods are written, beside those of an endpoint itself."""
    yield owner.spec("pods")
    yield workspace("environments", owner.environment, "defaults", "pods")
    yield workspace("defaults", "pods")
