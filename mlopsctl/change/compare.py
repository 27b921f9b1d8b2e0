"""Two states compared: the plan of a change.

In: both sides decided, what the specs say of their change, and the lock's history. Out: a plan. Never reads a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from msgspec.structs import replace

from mlopsctl.blueprint.model import Shared
from mlopsctl.change import contract, fold, guards, immutable, whole
from mlopsctl.change.causes import Cause, Causes, causes, renames
from mlopsctl.change.consequences import Sides, consequences, started
from mlopsctl.change.costs import costs
from mlopsctl.change.graph import Chain, Graph
from mlopsctl.change.meaning import Read
from mlopsctl.change.model import Answer, Change, Consequence, Cost, Effect, Intent, Plan, State
from mlopsctl.change.renames import Rename
from mlopsctl.diagnostics.model import Diagnostic, merge

_OF_THE_WORKSPACE: Final = ("workspace:", "lock:")
_OF_TRAINING: Final = ("data.", "features.", "model.", "checks.", "lock:")
_GENERAL: Final = frozenset({"pipelines", "alerts", "features.sets", "checks", "data.sources", "workspace:stack"})
"""Paths that say no more than where something derived stands."""


class _Environment(NamedTuple):
    """One environment's part of a plan."""

    changes: tuple[Change, ...] = ()
    guards: tuple[Diagnostic, ...] = ()
    answers: tuple[Answer, ...] = ()
    costs: tuple[Cost, ...] = ()


def compare(before: State, after: State, against: str = "", history: contract.History | None = None) -> Plan:
    """Say what the change from one state to the other does, the dangerous first."""
    names = tuple(dict.fromkeys((*after.environments, *before.environments)))
    parts = [_environment(before, after, name, history or {}) for name in names]
    changes = fold.folded(one for part in parts for one in part.changes)
    found = merge((one for part in parts for one in part.guards), names)
    return Plan(
        against=against,
        environments=names,
        changes=changes,
        systems=fold.summaries(changes, before, after),
        endpoints=fold.endpoints(changes),
        reviewers=tuple(sorted({each for one in changes for each in one.reviewers})),
        contract=tuple(one for part in parts for one in part.answers),
        costs=tuple(one for part in parts for one in part.costs),
        guards=guards.lifted(found, after.intents, after.accepts),
        files=sum(len(_differing(before, after, name)) for name in names),
    )


def _environment(before: State, after: State, name: str, history: contract.History) -> _Environment:
    old, new = before.environments.get(name), after.environments.get(name)
    if old == new:
        return _Environment()
    sides = _sides(old, new, after.intents, history)
    if old is None or new is None:
        whole_one = whole.environment(name, sides, added=old is None)
        return _Environment((whole_one,), tuple(guards.guards([whole_one], sides, name)))
    touched = sorted(one for one in {*sides.before, *sides.after} if sides.before.get(one) != sides.after.get(one))
    changes = _as_rendered([*_changes(touched, sides, name, after)], before, after, name)
    stopped = [*guards.guards(changes, sides, name), *_frozen(before, after, name)]
    return _Environment(
        tuple(changes),
        tuple(stopped),
        tuple(one for one in sides.answers if one.system in touched),
        tuple(row for one in touched for row in costs(sides.before.get(one), sides.after.get(one))),
    )


def _sides(old: Shared | None, new: Shared | None, intents: Mapping[str, Intent], history: contract.History) -> Sides:
    """Pair the systems of an environment; one that was renamed stands under its new name on both sides."""
    before = {one.identity.system: one for one in old.systems} if old else {}
    after = {one.identity.system: one for one in new.systems} if new else {}
    for name, intent in intents.items():
        was = intent.renamed.get("metadata.name")
        if was in before and name in after and name not in before:
            before[name] = before.pop(was)
    answers = [answer for name, one in after.items() for answer in contract.answers(before.get(name), one, history)]
    return Sides(before, after, tuple(answers))


def _changes(touched: Iterable[str], sides: Sides, environment: str, after: State) -> Iterator[Change]:
    """Yield everything that was changed in an environment."""
    yield from whole.systems(sides, environment)
    found: dict[str, Causes] = {}
    stayed = [name for name in touched if name in sides.before and name in sides.after]
    renamed = {name: _renamed(name, sides, after.intents) for name in stayed}
    for name in stayed:
        found[name] = causes(sides.before[name], sides.after[name], renamed, after.locked)
    told = _Telling(sides, environment)
    named = [whole.renaming(one, name, sides) for name in stayed for one in renamed[name]]
    plain = [told.change(cause, name) for name, each in found.items() for cause in each.plain]
    yield from (*named, *plain)
    yield from _unexplained(found, (*named, *plain), told)


def _renamed(name: str, sides: Sides, intents: Mapping[str, Intent]) -> tuple[Rename, ...]:
    """Return the system's own new name, if it has one, and those of its things."""
    before, after = sides.before[name], sides.after[name]
    was = before.identity.system
    own = (Rename("metadata", was, name),) if was != name else ()
    return (*own, *renames(before, after, intents[name].renamed if name in intents else {}))


class _Telling:
    """Tells causes as changes: what they reach, and what follows."""

    def __init__(self, sides: Sides, environment: str) -> None:
        self.sides, self.environment = sides, environment
        self.graphs = (Graph(sides.after.values()), Graph(sides.before.values()))

    def change(self, cause: Cause, system: str) -> Change:
        """Tell one cause."""
        if cause.action != "changed" and (other := whole.moved(cause.read.path, system, self.sides)):
            cause = _moved(cause, other)
        read = cause.read
        chains = self._chains(system, read)
        found = consequences(read, system, chains, self.sides)
        if read.path.startswith(_OF_TRAINING):
            found = started(found, system, self.sides)
        words = tuple(dict.fromkeys(chain.words for chain in chains if len(chain.words) > 1))
        by = whole.owners({system, *(one.system for chain in chains for one in chain.reached)}, self.sides)
        whose = "" if read.path.startswith(_OF_THE_WORKSPACE) else system
        return Change(read.path, cause.action, cause.old, cause.new, whose, (self.environment,), found, words, by)

    def _chains(self, system: str, read: Read) -> list[Chain]:
        if not read.node:
            return []
        found = [chain for graph in self.graphs for chain in graph.chains(system, read.node, _thing(read.path))]
        return list(dict.fromkeys(found))


def _moved(cause: Cause, other: str) -> Cause:
    """Tell a thing that another system takes over: the store keeps it and its rows."""
    read = cause.read._replace(effect=Effect.METADATA, spread="")
    if cause.action == "added":
        return cause._replace(read=read, new=f"known from system {other}")
    return cause._replace(read=read, old=f"stays in system {other}")


def _thing(path: str) -> str:
    """Name the column that was changed, without the field of its contract."""
    return ".".join(path.split(".")[:5]) if path.startswith("data.sources.") and ".columns." in path else path


def _unexplained(found: Mapping[str, Causes], plain: Iterable[Change], told: _Telling) -> Iterator[Change]:
    """Yield derived differences that nothing else explains: no cause of their system, or none as dangerous."""
    worst: dict[str, Effect] = {}
    reached: set[str] = set()
    for change in plain:
        reached.update(word.partition(":")[0] for chain in change.chains for word in chain if ": " in word)
        for one in change.consequences:
            worst[one.system] = max(worst.get(one.system, Effect.NOTHING), one.effect)
    for system, each in found.items():
        if (
            each.renamed
            or told.sides.before[system].identity.system != system
            or (system in reached and not each.plain)
        ):
            continue
        rest = [one for one in each.derived if one.read.effect > worst.get(system, Effect.NOTHING)]
        precise = [one for one in rest if one.read.path not in _GENERAL]
        yield from (told.change(one, system) for one in precise or rest)


def _as_rendered(changes: list[Change], before: State, after: State, environment: str) -> list[Change]:
    """Hold the changes to the rendered bytes: where none differs nothing happens, where one does something is told."""
    if environment not in before.files or environment not in after.files:
        return changes
    if _differing(before, after, environment):
        return changes or [_of_the_stack(before, after, environment)]
    quiet = (Consequence(Effect.NOTHING, "", "no file", "no rendered byte differs"),)
    return [replace(one, consequences=quiet, reviewers=()) for one in changes]


def _of_the_stack(before: State, after: State, environment: str) -> Change:
    """Stand for what only the shared unit shows: a difference of the stack that no system carries."""
    shared = (*before.environments[environment].systems, *after.environments[environment].systems)
    by = tuple(sorted({one.identity.owner for one in shared}))
    found = (Consequence(Effect.METADATA, "", "what systems share", "in place, with the sync after the merge"),)
    return Change("workspace:stack", "changed", "", "", "", (environment,), found, (), by)


def _differing(before: State, after: State, environment: str) -> list[tuple[str, str]]:
    """List the files that differ, as unit and path."""
    old, new = before.files.get(environment, {}), after.files.get(environment, {})
    return [
        (unit, path)
        for unit in sorted({*old, *new})
        for path in sorted({*old.get(unit, {}), *new.get(unit, {})})
        if old.get(unit, {}).get(path) != new.get(unit, {}).get(path)
    ]


def _frozen(before: State, after: State, environment: str) -> Iterator[Diagnostic]:
    """Yield what a live object could not change, of the units on both sides."""
    old, new = before.files.get(environment, {}), after.files.get(environment, {})
    for unit in sorted({*old} & {*new}):
        found = immutable.frozen(old[unit], new[unit], unit)
        yield from (replace(one, environments=(environment,)) for one in found)
