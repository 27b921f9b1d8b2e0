"""Compare two states into the plan of a change, without reading files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.catalogue.field_marks import Mark, mark
from mlopsctl.diagnostics.model import Diagnostic, merge
from mlopsctl.manifest_diff import immutable
from mlopsctl.plan import added_removed, aggregation, compatibility, guards, lock_entries, overlay
from mlopsctl.plan.changed_fields import Cause, Causes, causes, renames
from mlopsctl.plan.classification.table import ClassifiedDifference
from mlopsctl.plan.costs import costs
from mlopsctl.plan.effects import Sides, consequences, started
from mlopsctl.plan.graph import SHARED_FILES, Graph
from mlopsctl.plan.model import (
    CROSSING,
    Action,
    Answer,
    Chain,
    Change,
    Consequence,
    Cost,
    Effect,
    EffectTarget,
    Intent,
    Kind,
    Plan,
    State,
)
from mlopsctl.plan.renames import Rename

_OF_TRAINING: Final = ("data", "features", "model", "checks")
_GENERAL: Final = frozenset({"pipelines", "alerts", "features.sets", "checks", "data.sources", "workspace:stack"})
"""Paths that only locate a derived difference and name no field."""


class _Environment(NamedTuple):
    """The part of a plan for one environment."""

    changes: tuple[Change, ...] = ()
    guards: tuple[Diagnostic, ...] = ()
    answers: tuple[Answer, ...] = ()
    costs: tuple[Cost, ...] = ()


def compare(before: State, after: State, against: str = "", history: compatibility.History | None = None) -> Plan:
    """Return the plan of the change from one state to another, the most dangerous changes first."""
    names = tuple(dict.fromkeys((*after.environments, *before.environments)))
    parts = [_environment(before, after, name, history or {}) for name in names]
    changes = aggregation.folded(change for part in parts for change in part.changes)
    diagnostics = merge(
        (*(guard for part in parts for guard in part.guards), *lock_entries.altered(before, after)), names
    )
    return Plan(
        against=against,
        environments=names,
        changes=changes,
        systems=aggregation.summaries(changes, before, after),
        endpoints=aggregation.endpoints(changes),
        reviewers=tuple(sorted({reviewer for change in changes for reviewer in change.reviewers})),
        contract=tuple(answer for part in parts for answer in part.answers),
        costs=tuple(cost for part in parts for cost in part.costs),
        guards=guards.with_accepted(diagnostics, after.intents, after.accepts),
        files=sum(len(_differing(before, after, name)) for name in names),
    )


def _environment(before: State, after: State, name: str, history: compatibility.History) -> _Environment:
    old, new = before.environments.get(name), after.environments.get(name)
    if old == new:
        return _Environment()
    sides = _sides(old, new, after.intents, history)
    if old is None or new is None:
        whole_one = added_removed.environment(name, sides, added=old is None)
        return _Environment((whole_one,), tuple(guards.guards([whole_one], sides, name)))
    touched = sorted(
        system for system in {*sides.before, *sides.after} if sides.before.get(system) != sides.after.get(system)
    )
    rendered = name in before.files and name in after.files
    patches = overlay.changes(old, new, _differing(before, after, name) if rendered else None)
    spec_changes = [*_changes(touched, sides, name, after), *patches]
    changes = _as_rendered(spec_changes, before, after, name)
    stopped = [*guards.guards(changes, sides, name), *_frozen(before, after, name)]
    return _Environment(
        tuple(changes),
        tuple(stopped),
        tuple(answer for answer in sides.answers if answer.system in touched),
        tuple(row for system in touched for row in costs(sides.before.get(system), sides.after.get(system))),
    )


def _sides(
    old: Shared | None, new: Shared | None, intents: Mapping[str, Intent], history: compatibility.History
) -> Sides:
    """Pair the systems of an environment; a renamed system has its new name on both sides."""
    before = {system.identity.system: system for system in old.systems} if old else {}
    after = {system.identity.system: system for system in new.systems} if new else {}
    for name, intent in intents.items():
        was = intent.renamed.get("metadata.name")
        if was in before and name in after and name not in before:
            before[name] = before.pop(was)
    answers = [
        answer
        for name, blueprint in after.items()
        for answer in compatibility.answers(before.get(name), blueprint, history)
    ]
    return Sides(before, after, tuple(answers))


def _changes(touched: Iterable[str], sides: Sides, environment: str, after: State) -> Iterator[Change]:
    """Yield all changes of an environment."""
    yield from added_removed.systems(sides, environment)
    causes_of: dict[str, Causes] = {}
    stayed = [name for name in touched if name in sides.before and name in sides.after]
    renamed = {name: _renamed(name, sides, after.intents) for name in stayed}
    for name in stayed:
        causes_of[name] = causes(sides.before[name], sides.after[name], renamed, after.locked)
    builder = _ChangeBuilder(sides, environment)
    renamings = [added_removed.renaming(rename, name, sides) for name in stayed for rename in renamed[name]]
    plain = [builder.change(cause, name) for name, system_causes in causes_of.items() for cause in system_causes.plain]
    yield from (*renamings, *plain)
    yield from _unexplained(causes_of, (*renamings, *plain), builder)


def _renamed(name: str, sides: Sides, intents: Mapping[str, Intent]) -> tuple[Rename, ...]:
    """Return the rename of the system, if any, and the renames of its objects."""
    before, after = sides.before[name], sides.after[name]
    was = before.identity.system
    own = (Rename("metadata", was, name),) if was != name else ()
    return (*own, *renames(before, after, intents[name].renamed if name in intents else {}))


class _ChangeBuilder:
    """Turn causes into changes: with the chains to their users and their effects."""

    def __init__(self, sides: Sides, environment: str) -> None:
        self.sides, self.environment = sides, environment
        self.graphs = (Graph(sides.after.values()), Graph(sides.before.values()))

    def change(self, cause: Cause, system: str) -> Change:
        """Return the change of one cause."""
        if cause.action is not Action.CHANGED and (
            other := added_removed.new_owner(cause.read.path, system, self.sides)
        ):
            cause = _taken_over(cause, other)
        read = cause.read
        chains = self._chains(system, read)
        effects = consequences(read, system, chains, self.sides)
        if _may_train(read.path):
            effects = started(effects, system, self.sides)
        shown = tuple(chain for chain in chains if len(chain) > 1)
        reviewers = added_removed.owners({system, *(link.system for chain in chains for link in chain)}, self.sides)
        owner = "" if read.path.startswith(SHARED_FILES) else system
        return Change(
            read.path, cause.action, cause.old, cause.new, owner, (self.environment,), effects, shown, reviewers
        )

    def _chains(self, system: str, read: ClassifiedDifference) -> list[Chain]:
        if not read.node:
            return []
        chains = [chain for graph in self.graphs for chain in graph.chains(system, read.node, _node_path(read.path))]
        return list(dict.fromkeys(chains))


def _may_train(path: str) -> bool:
    """Return whether a field may be part of the training fingerprint; a path of several fields may be, too."""
    field_mark = mark(path)
    return field_mark in (Mark.DATA, Mark.CHECK) or (field_mark is None and path.startswith(_OF_TRAINING))


def _taken_over(cause: Cause, other: str) -> Cause:
    """Mark an object that moves to another system: the store keeps it with its rows."""
    read = cause.read._replace(effect=Effect.METADATA, propagation="")
    if cause.action is Action.ADDED:
        return cause._replace(read=read, new=f"moved from system {other}")
    return cause._replace(read=read, old=f"moved to system {other}")


def _node_path(path: str) -> str:
    """Return the path of the changed column, without the field of its contract."""
    return ".".join(path.split(".")[:5]) if path.startswith("data.sources.") and ".columns." in path else path


def _unexplained(causes_of: Mapping[str, Causes], plain: Iterable[Change], builder: _ChangeBuilder) -> Iterator[Change]:
    """Yield derived differences without an explanation: no other cause of their system is as dangerous."""
    worst: dict[str, Effect] = {}
    reached: set[str] = set()
    for change in plain:
        reached.update(system for chain in change.chains for system in _entered(chain))
        for consequence in change.consequences:
            worst[consequence.system] = max(worst.get(consequence.system, Effect.NOTHING), consequence.effect)
    for system, system_causes in causes_of.items():
        if (
            system_causes.renamed
            or builder.sides.before[system].identity.system != system
            or (system in reached and not system_causes.plain)
        ):
            continue
        rest = [cause for cause in system_causes.derived if cause.read.effect > worst.get(system, Effect.NOTHING)]
        precise = [cause for cause in rest if cause.read.path not in _GENERAL]
        yield from (builder.change(cause, system) for cause in precise or rest)


def _entered(chain: Chain) -> Iterator[str]:
    """Yield the other systems that a chain enters."""
    for last, link in pairwise(chain):
        if link.kind in CROSSING and link.system != last.system:
            yield link.system


def _as_rendered(changes: list[Change], before: State, after: State, environment: str) -> list[Change]:
    """Reconcile the changes with the rendered bytes: no differing file, no effect; a differing file, a change."""
    if environment not in before.files or environment not in after.files:
        return changes
    if _differing(before, after, environment):
        return changes or [_of_the_stack(before, after, environment)]
    quiet = (Consequence(Effect.NOTHING, "", EffectTarget(Kind.FILES), "no rendered byte differs"),)
    return [replace(change, consequences=quiet, reviewers=()) for change in changes]


def _of_the_stack(before: State, after: State, environment: str) -> Change:
    """Return the change for a difference in the shared unit only: a stack setting that no system's Blueprint has."""
    shared = (*before.environments[environment].systems, *after.environments[environment].systems)
    reviewers = tuple(sorted({blueprint.identity.owner for blueprint in shared}))
    effects = (Consequence(Effect.METADATA, "", EffectTarget(Kind.SHARED), "in place with the sync after the merge"),)
    return Change("workspace:stack", Action.CHANGED, "", "", "", (environment,), effects, (), reviewers)


def _differing(before: State, after: State, environment: str) -> list[tuple[str, str]]:
    """Return the differing files as (unit, path)."""
    old, new = before.files.get(environment, {}), after.files.get(environment, {})
    return [
        (unit, path)
        for unit in sorted({*old, *new})
        for path in sorted({*old.get(unit, {}), *new.get(unit, {})})
        if old.get(unit, {}).get(path) != new.get(unit, {}).get(path)
    ]


def _frozen(before: State, after: State, environment: str) -> Iterator[Diagnostic]:
    """Yield changes of immutable fields in the units that both sides have."""
    old, new = before.files.get(environment, {}), after.files.get(environment, {})
    for unit in sorted({*old} & {*new}):
        diagnostics = immutable.frozen(old[unit], new[unit], unit)
        yield from (replace(diagnostic, environments=(environment,)) for diagnostic in diagnostics)
