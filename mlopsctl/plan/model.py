"""The values of a plan: changes with causes, effects, reached users and costs. Frozen and JSON-serialisable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, IntEnum, StrEnum
from typing import Any, Literal

from msgspec import Struct

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.diagnostics.model import Diagnostic


class Effect(IntEnum):
    """Effects of a change on the running system, the most dangerous last.

    `OUTSIDE` is a patch: the model does not know what it does, and it may roll what serves.
    """

    NOTHING = 0
    METADATA = 1
    RULES = 2
    PIPELINES = 3
    REROUTES = 4
    ROLLS = 5
    OUTSIDE = 6
    RE_EVALUATES = 7
    REMATERIALISES = 8
    RETRAINS = 9
    BREAKS = 10
    DESTROYS = 11


class Action(Enum):
    """How an object was changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"


class Kind(StrEnum):
    """Kinds of objects that a change starts from, reaches or affects; a field is named by its path."""

    FIELD = "field"
    SYSTEM = "system"
    ENVIRONMENT = "environment"
    SHARED = "shared"
    FILES = "files"
    VIEW = "view"
    TRANSFORM = "transform"
    SET = "set"
    MODEL = "model"
    GATES = "gates"
    ENDPOINT = "endpoint"


Role = Literal["serves", "candidate", "rollback"]


class Intent(Struct, frozen=True):
    """What a spec declares about its own change: accepted codes with reasons, and old names by path.

    `renamed` maps the path with the new name to the old name: `features.views.cards` to `card_activity`.
    """

    accepts: Mapping[str, str] = {}
    renamed: Mapping[str, str] = {}


class State(Struct, frozen=True):
    """One side of a comparison: every environment's Blueprints, and what the specs declare about their change.

    `locked` are the image digests of the lock. `files` has the text of every file by environment and unit, for the
    rendered environments only.
    """

    environments: Mapping[str, Shared] = {}
    intents: Mapping[str, Intent] = {}
    accepts: Mapping[str, str] = {}
    files: Mapping[str, Mapping[str, Mapping[str, str]]] = {}
    locked: frozenset[str] = frozenset()
    models: Mapping[tuple[str, str], Mapping[str, Any]] = {}
    """The lock's model entries by (environment, `name@alias`)."""


CROSSING = frozenset({Kind.VIEW, Kind.TRANSFORM, Kind.SET})
"""Kinds that one system can use from another."""


class EffectTarget(Struct, frozen=True, order=True):
    """The object of an effect: a field by its path, or a named object of a system."""

    kind: Kind
    name: str = ""


class Link(Struct, frozen=True):
    """A link of a chain. `path` is its path in the spec; an endpoint also has its tier and owner."""

    kind: Kind
    system: str
    name: str
    path: str = ""
    tier: int = 0
    owner: str = ""


Chain = tuple[Link, ...]
"""The links from the cause of a change to its last user."""


class Consequence(Struct, frozen=True):
    """One effect of a change: on which object of which system, and how it happens (`applied`).

    `environments` limits the effect to some of the change's environments; empty means all of them.
    """

    effect: Effect
    system: str
    on: EffectTarget
    applied: str
    environments: tuple[str, ...] = ()


class Change(Struct, frozen=True):
    """One change: its path in the spec, workspace or lock, both values, and all its effects.

    `system` is the system of the spec, empty for the workspace and its lock. `chains` lead from the cause to its users.
    """

    path: str
    action: Action
    old: str
    new: str
    system: str
    environments: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    chains: tuple[Chain, ...] = ()
    reviewers: tuple[str, ...] = ()

    @property
    def effect(self) -> Effect:
        """Return the most dangerous effect."""
        return max((consequence.effect for consequence in self.consequences), default=Effect.NOTHING)


class Answer(Struct, frozen=True):
    """Whether a version can be served with the endpoint's feature set after the change."""

    environment: str
    system: str
    endpoint: str
    model: str
    version: str
    role: Role
    servable: bool
    why: str
    was: bool = True


class Cost(Struct, frozen=True):
    """The resources of an endpoint or a pipeline before and after, as texts; empty where it does not exist."""

    environment: str
    system: str
    name: str
    before: str
    after: str


class ToolChange(Struct, frozen=True):
    """The files that another version of this tool renders differently from the same specs."""

    before: str
    after: str
    files: tuple[str, ...]


class Summary(Struct, frozen=True):
    """One system: its effects, the environments it changes in, and its owner."""

    system: str
    owner: str
    tier: int
    effects: tuple[Effect, ...]
    environments: tuple[str, ...]


class Plan(Struct, frozen=True):
    """The effects of a change, the most dangerous first. `unclear` are the systems whose specs have errors."""

    against: str
    environments: tuple[str, ...]
    changes: tuple[Change, ...]
    systems: tuple[Summary, ...]
    endpoints: tuple[Link, ...]
    reviewers: tuple[str, ...]
    contract: tuple[Answer, ...]
    costs: tuple[Cost, ...]
    guards: tuple[Diagnostic, ...] = ()
    files: int = 0
    unclear: tuple[str, ...] = ()
    tool: ToolChange | None = None

    @property
    def effect(self) -> Effect:
        """Return the most dangerous effect of all changes."""
        return max((change.effect for change in self.changes), default=Effect.NOTHING)


def ranked(consequences: Iterable[Consequence]) -> tuple[Consequence, ...]:
    """Sort effects, the most dangerous first."""
    return tuple(
        sorted(consequences, key=lambda consequence: (-consequence.effect, consequence.system, consequence.on))
    )
