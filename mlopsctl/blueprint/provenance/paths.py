"""Places of documents, and whose pieces come from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared

WORKSPACE, LOCK = "workspace", "lock"
"""How the documents beside the systems' specs are called in a path."""


class SpecPath(NamedTuple):
    """A place of a document: a system's name, `workspace` or `lock`, and the keys that lead there."""

    document: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """Write the path; a key that holds a dot stands in quotes."""
        keys = ['"' + key + '"' if "." in key else key for key in self.keys]
        return f"{self.document}:{'.'.join(keys)}"

    def below(self, key: str) -> SpecPath:
        """Return the place of a key there."""
        return SpecPath(self.document, (*self.keys, key))

    def meets(self, other: SpecPath) -> bool:
        """Return whether one of the two holds the other."""
        shorter = min(len(self.keys), len(other.keys))
        return self.document == other.document and self.keys[:shorter] == other.keys[:shorter]


Paths = Iterator[SpecPath]


class Owner(NamedTuple):
    """Whose a piece is, and what the systems beside it are."""

    subject: Blueprint | Shared
    shared: Shared

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self.shared.environment

    @property
    def blueprint(self) -> Blueprint:
        """The system's Blueprint; what systems share asks for none."""
        assert isinstance(self.subject, Blueprint)  # noqa: S101 - a piece of a system stands in the system's files
        return self.subject

    def neighbour(self, system: str) -> Owner | None:
        """Return another system of the environment, where there is one of that name."""
        blueprint = next((blueprint for blueprint in self.shared.systems if blueprint.identity.system == system), None)
        return Owner(blueprint, self.shared) if blueprint else None

    def spec(self, dotted: str, *keys: str) -> SpecPath:
        """Return a place of the system's spec."""
        return SpecPath(self.blueprint.identity.system, ("spec", *dotted.split("."), *keys))


def owner_of(unit: str, shared: Shared) -> Owner:
    """Return whose a unit of the tree is: a system's, or what systems share."""
    return Owner(next((system for system in shared.systems if system.identity.system == unit), shared), shared)


def documents(owner: Owner) -> frozenset[str]:
    """Return the documents that pieces of a unit can come from: its own, the shared ones, those of systems it reads."""
    systems = [owner.subject] if isinstance(owner.subject, Blueprint) else owner.shared.systems
    sets = [feature_set for system in systems for feature_set in (system.features.sets if system.features else ())]
    read = {lookup.system for feature_set in sets for lookup in feature_set.lookups}
    return frozenset({WORKSPACE, LOCK, *read, *(system.identity.system for system in systems)})


def workspace(*keys: str) -> SpecPath:
    """Return a place of the workspace's file."""
    return SpecPath(WORKSPACE, ("spec", *keys))


def workspace_name(owner: Owner) -> Paths:
    """Yield where the workspace is named; a spec without a workspace stands for one of its name."""
    yield SpecPath(WORKSPACE, ("metadata", "name"))
    if [system.identity.system for system in owner.shared.systems] == [owner.shared.workspace]:
        yield SpecPath(owner.shared.workspace, ("metadata", "name"))


def stack(owner: Owner, stage: str, *keys: str) -> Paths:
    """Yield where a stage's engine or a setting of it is chosen: an environment's own choice replaces the workspace's.

    A setting that the chosen engine does not have decides nothing.
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
    """Return where the environment's namespace is named; series and alerts are told apart by it, too."""
    return workspace("environments", owner.environment, "namespace")


def image(owner: Owner) -> Paths:
    yield owner.spec("model.code.image")
    yield from default(owner, "image")
    yield SpecPath(LOCK, ("environments", owner.environment, "images"))
