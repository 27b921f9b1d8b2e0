"""The values of a plan: changes with their causes and effects, the users they reach, and what it all costs.

In: nothing. Out: plain frozen values, JSON-serialisable. Never compares anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Literal

from msgspec import Struct

from mlopsctl.blueprint.model import Shared
from mlopsctl.diagnostics.model import Diagnostic


class Effect(IntEnum):
    """What a change does to the running system; the greater, the more dangerous."""

    NOTHING = 0
    METADATA = 1
    RULES = 2
    PIPELINES = 3
    REROUTES = 4
    ROLLS = 5
    RE_EVALUATES = 6
    REMATERIALISES = 7
    RETRAINS = 8
    BREAKS = 9
    DESTROYS = 10

    @property
    def words(self) -> str:
        """The effect as reports call it."""
        return _WORDS[self]


_WORDS = {
    Effect.NOTHING: "nothing",
    Effect.METADATA: "metadata only",
    Effect.RULES: "rules only",
    Effect.PIPELINES: "pipelines only",
    Effect.REROUTES: "reroutes traffic",
    Effect.ROLLS: "rolls serving",
    Effect.RE_EVALUATES: "re-evaluates",
    Effect.REMATERIALISES: "rematerialises",
    Effect.RETRAINS: "retrains",
    Effect.BREAKS: "breaks",
    Effect.DESTROYS: "destroys",
}

Action = Literal["added", "removed", "changed", "renamed"]
Role = Literal["serves", "candidate", "rollback"]


class Intent(Struct, frozen=True):
    """What a spec says of its own change: codes a reviewer lifted with a reason, and old names by path.

    `renamed` maps the path of a thing under its new name to its old name: `features.views.cards` to `card_activity`.
    """

    accepts: Mapping[str, str] = {}
    renamed: Mapping[str, str] = {}


class State(Struct, frozen=True):
    """One side of a comparison: every environment decided, and what the specs say of their change.

    `locked` are the digests of images that the lock settles. `files` has the text of every file, by environment and
    unit; environments that nobody rendered are not in it.
    """

    environments: Mapping[str, Shared] = {}
    intents: Mapping[str, Intent] = {}
    accepts: Mapping[str, str] = {}
    files: Mapping[str, Mapping[str, Mapping[str, str]]] = {}
    locked: frozenset[str] = frozenset()


class Consequence(Struct, frozen=True):
    """One effect of a change: on what, whose it is, and how it comes about (`applied`).

    `environments` are those it holds in, none for all that the change is made in.
    """

    effect: Effect
    system: str
    on: str
    applied: str
    environments: tuple[str, ...] = ()


class Change(Struct, frozen=True):
    """One thing that was changed: where in which file's terms, from what to what, and all that follows.

    `system` is the one whose spec says it, empty for the workspace and its lock. `chains` lead from the cause to what
    it reaches, a word a thing.
    """

    path: str
    action: Action
    old: str
    new: str
    system: str
    environments: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    chains: tuple[tuple[str, ...], ...] = ()
    reviewers: tuple[str, ...] = ()

    @property
    def effect(self) -> Effect:
        """The most dangerous effect."""
        return max((one.effect for one in self.consequences), default=Effect.NOTHING)


class Answer(Struct, frozen=True):
    """Whether a version can be served with the feature set that an endpoint asks with after the change."""

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
    """What an endpoint or a pipeline asks for, before and after; texts, empty where it is not there."""

    environment: str
    system: str
    name: str
    before: str
    after: str


class ToolChange(Struct, frozen=True):
    """What another version of this tool writes differently from the same specs."""

    before: str
    after: str
    files: tuple[str, ...]


class Summary(Struct, frozen=True):
    """One system's line: its worst effects, the environments it is touched in, and who owns it."""

    system: str
    owner: str
    tier: int
    effects: tuple[Effect, ...]
    environments: tuple[str, ...]


class Plan(Struct, frozen=True):
    """What a change does, the dangerous first. `unclear` are the systems whose specs are not understood."""

    against: str
    environments: tuple[str, ...]
    changes: tuple[Change, ...]
    systems: tuple[Summary, ...]
    endpoints: tuple[str, ...]
    reviewers: tuple[str, ...]
    contract: tuple[Answer, ...]
    costs: tuple[Cost, ...]
    guards: tuple[Diagnostic, ...] = ()
    files: int = 0
    unclear: tuple[str, ...] = ()
    tool: ToolChange | None = None

    @property
    def effect(self) -> Effect:
        """The most dangerous effect of all."""
        return max((one.effect for one in self.changes), default=Effect.NOTHING)
