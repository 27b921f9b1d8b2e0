"""Two states compared: the plan of a change.

In: both sides decided, what the specs say of their change, and the lock's history. Out: a plan. Never reads a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.change import contract, guards, meaning, renames
from mlopsctl.change.consequences import Sides, consequences
from mlopsctl.change.costs import costs
from mlopsctl.change.differences import ABSENT, ORDER, Difference, differences
from mlopsctl.change.graph import Chain, Graph
from mlopsctl.change.model import Action, Answer, Change, Consequence, Cost, Effect, Intent, Plan, State, Summary
from mlopsctl.diagnostics.model import Diagnostic, merge

_WORKSPACE = ("workspace:", "lock:")
_SHOWN = 60


class _Environment(NamedTuple):
    """One environment's part of a plan."""

    changes: tuple[Change, ...]
    guards: tuple[Diagnostic, ...]
    answers: tuple[Answer, ...]
    costs: tuple[Cost, ...]


def compare(before: State, after: State, against: str = "", history: contract.History | None = None) -> Plan:
    """Say what the change from one state to the other does, the dangerous first."""
    names = tuple(dict.fromkeys((*after.environments, *before.environments)))
    parts = [_environment(before, after, name, history or {}) for name in names]
    changes = tuple(sorted(_folded(one for part in parts for one in part.changes), key=_danger))
    found = merge((one for part in parts for one in part.guards), names)
    told = guards.lifted(found, after.intents, after.accepts)
    return Plan(
        against=against,
        environments=names,
        changes=changes,
        systems=_summaries(changes, before, after),
        endpoints=tuple(dict.fromkeys(each for one in changes for each in _endpoints(one))),
        reviewers=tuple(sorted({each for one in changes for each in one.reviewers})),
        contract=tuple(one for part in parts for one in part.answers),
        costs=tuple(one for part in parts for one in part.costs),
        guards=told,
        files=_files(before, after),
    )


def _environment(before: State, after: State, name: str, history: contract.History) -> _Environment:
    old, new = before.environments.get(name), after.environments.get(name)
    if old == new and not any(one.renamed for one in after.intents.values()):
        return _Environment((), (), (), ())
    sides = _sides(old, new, after.intents, history)
    touched = {
        system for system in (*sides.before, *sides.after) if sides.before.get(system) != sides.after.get(system)
    }
    graphs = (Graph(sides.after.values()), Graph(sides.before.values()))
    changes = [*_come_and_gone(old, new, sides, name)]
    causes = {
        system: _causes(sides.before[system], sides.after[system], after.intents.get(system, Intent()), name)
        for system in sorted(touched)
        if system in sides.before and system in sides.after
    }
    strong = [_change(cause, system, name, graphs, sides) for system, found in causes.items() for cause in found.plain]
    changes += [change for found in causes.values() for change in found.renamed]
    changes += strong
    changes += _unexplained(causes, strong, name, graphs, sides)
    if not changes and old != new:
        changes.append(_shared_only(name, sides))
    changes = _as_rendered(changes, before, after, name)
    return _Environment(
        tuple(_folded(changes)),
        tuple(guards.guards(changes, sides, name)),
        tuple(one for one in sides.answers if one.system in touched),
        tuple(row for one in sorted(touched) for row in costs(sides.before.get(one), sides.after.get(one))),
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


class _Cause(NamedTuple):
    """A field that was changed, from what to what."""

    read: meaning.Read
    action: Action
    old: str
    new: str


class _Causes(NamedTuple):
    """What was changed in one system; `derived` follows from other fields where any explain it."""

    renamed: tuple[Change, ...]
    plain: tuple[_Cause, ...]
    derived: tuple[_Cause, ...]


def _causes(before: Blueprint, after: Blueprint, intent: Intent, environment: str) -> _Causes:
    old, new = _plain(before), _plain(after)
    system = after.identity.system
    changes = []
    for rename in renames.happened(intent.renamed, old, new):
        old = renames.renamed(old, rename, system)
        changes.append(_renaming(rename, before, after, environment))
    if before.identity.system != system:
        changes.append(_new_name(before, after, environment))
    words = _words(old, new, environment)
    found: dict[str, list[_Cause]] = {}
    for one in differences(old, new):
        cause = _cause(one, _about(one, words, old, new), old, new)
        if not (changes and _of_the_name(cause, before, after)):
            found.setdefault(cause.read.path, []).append(cause)
    told = [_strongest(causes) for causes in found.values()]
    plain = _settled([one for one in told if not one.read.derived])
    return _Causes(tuple(changes), tuple(plain), tuple(one for one in told if one.read.derived))


def _plain(blueprint: Blueprint) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(blueprint))
    return data


def _of_the_name(cause: _Cause, before: Blueprint, after: Blueprint) -> bool:
    """Tell whether a difference is only that a renamed system's name is in other names."""
    return before.identity.system != after.identity.system and cause.read.path in (
        "workspace:metadata.name",
        "workspace:output",
    )


def _words(old: dict[str, Any], new: dict[str, Any], environment: str) -> dict[str, str]:
    """Return the names that paths of the spec hold and a difference does not tell."""
    model = new.get("model") or old.get("model") or {}
    label = model.get("label") or {}
    quality = ((new.get("checks") or {}).get("live") or {}).get("quality") or {}
    train = next((one["name"] for one in (*new["pipelines"], *old["pipelines"]) if one["purpose"] == "train"), "")
    return {
        "environment": environment,
        "label": label.get("name", ""),
        "rows": label.get("source", ""),
        "locked": f"{model.get('registered_name', '')}@{model.get('alias', '')}",
        "quality": "min" if quality.get("higher_is_better", True) else "max",
        "train": train,
        "source": "alerts",
    }


_ALERTS = {"freshness": "alerts.freshness", "drift": "alerts.drift", "quality": "alerts.quality"}


def _about(one: Difference, words: dict[str, str], old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Add where in the spec an alert comes from."""
    if one.path[0] != "alerts" or len(one.path) < 2:
        return words
    alert = next((each for side in (new, old) for each in side["alerts"] if each["name"] == one.path[1]), None)
    return {**words, "source": _asked_for(alert) if alert else "alerts"}


def _asked_for(alert: dict[str, Any]) -> str:
    source: str = alert["source"]
    return _ALERTS.get(alert["group"]) or source.removeprefix("spec.")


def _cause(one: Difference, words: dict[str, str], old: dict[str, Any], new: dict[str, Any]) -> _Cause:
    read = meaning.read(one, words)
    if one.path[0] == "alerts" and len(one.path) == 2 and words["source"] not in _both(old, new):
        read = read._replace(derived=False)
    if read.path == "model.code.image" and _untagged(one.old) == _untagged(one.new):
        read = read._replace(path=f"lock:environments.{words['environment']}.images")
    gone, come = one.new is ABSENT or one.new is None, one.old is ABSENT or one.old is None
    action: Action = "removed" if gone else "added" if come else "changed"
    if one.path[-1] == ORDER:
        return _Cause(read, "changed", ", ".join(one.old), ", ".join(one.new))
    return _Cause(read, action, _shown(one.old), _shown(one.new))


def _both(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    return {_asked_for(one) for one in old["alerts"]} & {_asked_for(one) for one in new["alerts"]}


def _untagged(image: Any) -> str:
    return str(image).partition("@")[0]


def _shown(value: Any) -> str:
    """Show a value in a few words."""
    if value is ABSENT or value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _strongest(causes: list[_Cause]) -> _Cause:
    """Of several differences of one field, tell the one that weighs most."""
    return max(causes, key=lambda one: (not one.read.derived, one.read.effect, bool(one.read.spread)))


def _settled(causes: list[_Cause]) -> list[_Cause]:
    """Leave out what a default of the workspace explains, and a thing's own parts where the whole came or went."""
    paths = {one.read.path for one in causes}
    if "workspace:defaults.resources" in paths:
        causes = [one for one in causes if one.read.path != "model.resources"]
    whole = {one.read.path for one in causes if one.action != "changed"}
    return [one for one in causes if not any(one.read.path.startswith(f"{other}.") for other in whole)]


def _change(cause: _Cause, system: str, environment: str, graphs: tuple[Graph, Graph], sides: Sides) -> Change:
    read = cause.read
    chains = _chains(graphs, system, read)
    found = consequences(read, system, chains, sides)
    owner = "" if read.path.startswith(_WORKSPACE) else system
    words = tuple(dict.fromkeys(chain.words for chain in chains if len(chain.words) > 1))
    reviewers = _owners({system, *(one.system for chain in chains for one in chain.reached)}, sides)
    return Change(read.path, cause.action, cause.old, cause.new, owner, (environment,), found, words, reviewers)


def _chains(graphs: tuple[Graph, Graph], system: str, read: meaning.Read) -> list[Chain]:
    if not read.node:
        return []
    found = [chain for graph in graphs for chain in graph.chains(system, read.node, _bare(read.path))]
    return list(dict.fromkeys(found))


def _bare(path: str) -> str:
    """Name the thing that was changed, without the field of it."""
    if path.startswith("data.sources.") and ".columns." in path:
        return ".".join(path.split(".")[:5])
    return path


def _owners(systems: Iterable[str], sides: Sides) -> tuple[str, ...]:
    found = (of.identity.owner for name in systems for of in (sides.before.get(name), sides.after.get(name)) if of)
    return tuple(sorted(set(found)))


def _unexplained(
    causes: Mapping[str, _Causes], strong: list[Change], environment: str, graphs: tuple[Graph, Graph], sides: Sides
) -> Iterator[Change]:
    """Yield derived differences that nothing else explains: no cause of their system, or none as dangerous."""
    worst: dict[str, Effect] = {}
    for change in strong:
        for one in change.consequences:
            worst[one.system] = max(worst.get(one.system, Effect.NOTHING), one.effect)
    reached = {word.partition(":")[0] for change in strong for chain in change.chains for word in chain if ": " in word}
    for system, found in causes.items():
        if found.renamed or (system in reached and not found.plain):
            continue
        told = [one for one in found.derived if one.read.effect > worst.get(system, Effect.NOTHING)]
        precise = [one for one in told if "." in one.read.path.partition(":")[2] or "." in one.read.path] or told
        yield from (_change(one, system, environment, graphs, sides) for one in precise)


def _renaming(rename: renames.Rename, before: Blueprint, after: Blueprint, environment: str) -> Change:
    """Say what a new name does: Feast starts an empty view, and a served version asks for the old one."""
    who = after.identity.system
    found = [Consequence(Effect.METADATA, who, rename.path, "its objects get the new name with the sync")]
    chain: list[tuple[str, ...]] = []
    if rename.section == "features.views":
        applied = "Feast drops the old view and starts an empty one: start the materialisation once with mode=full"
        found = [Consequence(Effect.REMATERIALISES, who, f"view {rename.new}", applied)]
        for one in Graph([before]).chains(who, ("view", rename.old), rename.path):
            chain.append(one.words)
            for kind, system, name in one.reached:
                if kind == "endpoint":
                    told = f"the served version looks `{rename.old}` up, and finds nothing until a new one serves"
                    found.append(Consequence(Effect.BREAKS, system, f"endpoint {name}", told))
    elif rename.section == "serving.endpoints":
        told = f"its address changes from `{rename.old}`; who calls it must follow"
        found = [Consequence(Effect.BREAKS, who, f"endpoint {rename.new}", told)]
    elif rename.section == "features.transforms":
        found = [
            Consequence(Effect.RETRAINS, who, rename.path, "the next version has the transform under the new name")
        ]
    unique = tuple(sorted(dict.fromkeys(found), key=lambda one: -one.effect))
    owners = (after.identity.owner,)
    return Change(
        rename.path, "renamed", rename.old, rename.new, who, (environment,), unique, tuple(dict.fromkeys(chain)), owners
    )


def _new_name(before: Blueprint, after: Blueprint, environment: str) -> Change:
    old, new = before.identity.system, after.identity.system
    found = [
        Consequence(
            Effect.BREAKS, new, f"endpoint {one.spec_name}", f"its address begins with `{new}` instead of `{old}`"
        )
        for one in after.endpoints
    ] or [
        Consequence(
            Effect.PIPELINES, new, "metadata.name", "its objects are made under the new name, the old are pruned"
        )
    ]
    return Change("metadata.name", "renamed", old, new, new, (environment,), tuple(found), (), (after.identity.owner,))


def _come_and_gone(old: Shared | None, new: Shared | None, sides: Sides, environment: str) -> Iterator[Change]:
    """Yield the systems that are new or gone, and an environment that is."""
    if old is None or new is None:
        some = new or old
        action: Action = "added" if old is None else "removed"
        effect = Effect.ROLLS if old is None else Effect.DESTROYS
        how = "everything in it is made with the first sync" if old is None else "everything in it is pruned"
        owners = _owners((*sides.before, *sides.after), sides)
        on = f"environment {environment}"
        consequence = Consequence(effect, "", on, how)
        path = f"workspace:environments.{environment}"
        if some is not None:
            yield Change(path, action, "", "", "", (environment,), (consequence,), (), owners)
        return
    for name in sorted({*sides.before} ^ {*sides.after}):
        yield _whole(name, sides, environment)


def _whole(name: str, sides: Sides, environment: str) -> Change:
    """Say what a system does that comes or goes as a whole."""
    after = sides.after.get(name)
    of = after or sides.before[name]
    if after is None:
        applied = "Argo CD prunes all its objects; Feast deletes its views and their online rows without a word"
        found = [Consequence(Effect.DESTROYS, name, "the whole system", applied)]
        chains = [
            (f"{name} is gone", f"{other}: sets")
            for other, one in sides.after.items()
            if any(
                lookup.system == name for each in (one.features.sets if one.features else ()) for lookup in each.lookups
            )
        ]
        action: Action = "removed"
    else:
        found, chains, action = [*_first(of)], [], "added"
    reached = {name, *(chain[-1].partition(":")[0] for chain in chains)}
    owners = _owners(reached, sides)
    return Change(
        "metadata.name",
        action,
        "" if after else name,
        name if after else "",
        name,
        (environment,),
        tuple(found),
        tuple(chains),
        owners,
    )


def _first(of: Blueprint) -> Iterator[Consequence]:
    """Yield what a new system does at first."""
    from mlopsctl.change.consequences import retrained

    who = of.identity.system
    if of.model:
        yield Consequence(Effect.RETRAINS, who, f"model {of.model.registered_name}", retrained(of, None))
    for view in of.features.views if of.features else ():
        if view.every:
            yield Consequence(Effect.REMATERIALISES, who, f"view {view.name}", "its first rows come with the first run")
    for endpoint in of.endpoints:
        yield Consequence(Effect.ROLLS, who, f"endpoint {endpoint.spec_name}", "it is served for the first time")
    yield Consequence(Effect.METADATA, who, "the whole system", "its objects are made with the sync after the merge")


def _shared_only(environment: str, sides: Sides) -> Change:
    """Stand for what only the shared unit shows: a difference of the stack that no system carries."""
    found = (Consequence(Effect.METADATA, "", "what systems share", "in place, with the sync after the merge"),)
    owners = _owners((*sides.before, *sides.after), sides)
    return Change("workspace:stack", "changed", "", "", "", (environment,), found, (), owners)


def _as_rendered(changes: list[Change], before: State, after: State, environment: str) -> list[Change]:
    """Where both sides were rendered and no byte of the environment differs, nothing happens."""
    old, new = before.files.get(environment), after.files.get(environment)
    if old is None or new is None or old != new:
        return changes
    quiet = (Consequence(Effect.NOTHING, "", "no file", "no rendered byte differs"),)
    return [replace(one, consequences=quiet, reviewers=()) for one in changes]


def _folded(changes: Iterable[Change]) -> list[Change]:
    """Tell a change once that is the same in several environments, or of the workspace in several systems."""
    found: dict[tuple[Any, ...], Change] = {}
    for one in changes:
        key = (one.system, _everywhere(one), one.action, one.old, one.new)
        other = found.get(key)
        found[key] = _joined(other, one) if other else one
    return list(found.values())


def _everywhere(change: Change) -> str:
    """Return a path that is the same for each environment."""
    parts = change.path.split(".")
    if change.path.startswith(("workspace:environments.", "lock:environments.")):
        return change.path
    return ".".join(parts)


def _joined(one: Change, other: Change) -> Change:
    return replace(
        one,
        environments=tuple(dict.fromkeys((*one.environments, *other.environments))),
        consequences=_together(one, other),
        chains=tuple(dict.fromkeys((*one.chains, *other.chains))),
        reviewers=tuple(sorted({*one.reviewers, *other.reviewers})),
    )


def _together(one: Change, other: Change) -> tuple[Consequence, ...]:
    """Join what follows in two environments; what holds in one of them alone names it."""
    held: dict[Consequence, dict[str, None]] = {}
    for change in (one, other):
        for each in change.consequences:
            places = each.environments or change.environments
            held.setdefault(replace(each, environments=()), {}).update(dict.fromkeys(places))
    everywhere = {*one.environments, *other.environments}
    found = (replace(each, environments=() if {*at} == everywhere else tuple(at)) for each, at in held.items())
    return tuple(sorted(found, key=_worst))


def _worst(one: Consequence) -> tuple[int, str, str]:
    return (-one.effect, one.system, one.on)


def _danger(change: Change) -> tuple[int, str, str, tuple[str, ...]]:
    return (-change.effect, change.system, change.path, change.environments)


def _summaries(changes: Iterable[Change], before: State, after: State) -> tuple[Summary, ...]:
    """Make a line a system: those that are changed, and those that a change reaches."""
    effects: dict[str, dict[Effect, None]] = {}
    places: dict[str, dict[str, None]] = {}
    for change in changes:
        for one in change.consequences:
            for system in {change.system, one.system} - {""}:
                if one.system == system:
                    effects.setdefault(system, {})[one.effect] = None
                    places.setdefault(system, {}).update(dict.fromkeys(change.environments))
    who = {
        each.identity.system: each.identity
        for side in (before, after)
        for one in side.environments.values()
        for each in one.systems
    }
    made = [
        Summary(name, who[name].owner, who[name].tier, tuple(sorted(found, reverse=True)), tuple(places[name]))
        for name, found in effects.items()
        if name in who
    ]
    return tuple(sorted(made, key=lambda one: (-one.effects[0], one.tier, one.system)))


def _endpoints(change: Change) -> Iterator[str]:
    for chain in change.chains:
        if "endpoint " in chain[-1]:
            yield chain[-1]


def _files(before: State, after: State) -> int:
    """Count the files that differ, of the environments that were rendered on both sides."""
    count = 0
    for name in {*before.files, *after.files}:
        old = {(unit, path): hash for unit, files in before.files.get(name, {}).items() for path, hash in files.items()}
        new = {(unit, path): hash for unit, files in after.files.get(name, {}).items() for path, hash in files.items()}
        count += len({*old.items()} ^ {*new.items()} and {key for key, _ in {*old.items()} ^ {*new.items()}})
    return count
