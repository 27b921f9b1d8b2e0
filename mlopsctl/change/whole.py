"""Things that come, go or get another name as a whole: systems, environments, views, endpoints.

In: both sides of an environment. Out: changes. Never looks into what stayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mlopsctl.blueprint.model import Blueprint, View
from mlopsctl.change.consequences import Sides, retrained, started
from mlopsctl.change.graph import Graph
from mlopsctl.change.model import Action, Change, Consequence, Effect
from mlopsctl.change.renames import Rename

_GONE: Final[Mapping[str, str]] = {
    "feast": "; Feast deletes its views and their online rows without a word",
    "hopsworks": "; its feature groups stay in Hopsworks, with their rows",
}
_RENAMED: Final[Mapping[str, str]] = {
    "feast": "Feast drops the old view and starts an empty one: start the materialisation once with mode=full",
    "hopsworks": "the old feature group stays in Hopsworks; the new one gets all rows with the first materialisation",
}


def owners(systems: Iterable[str], sides: Sides) -> tuple[str, ...]:
    """Return who answers for these systems, before or after."""
    found = (of.identity.owner for name in systems for of in (sides.before.get(name), sides.after.get(name)) if of)
    return tuple(sorted(set(found)))


def environment(name: str, sides: Sides, *, added: bool) -> Change:
    """Say what an environment does that comes or goes."""
    action: Action = "added" if added else "removed"
    found = [Consequence(Effect.DESTROYS, "", f"environment {name}", "everything in it is pruned")]
    told = "Argo CD prunes all its objects"
    found += [Consequence(Effect.DESTROYS, system, "the whole system", told) for system in sides.before]
    if added:
        found = [one for system in sides.after.values() for one in _first(system)]
    who = owners((*sides.before, *sides.after), sides)
    return Change(f"workspace:environments.{name}", action, "", "", "", (name,), tuple(found), (), who)


def systems(sides: Sides, environment: str) -> Iterator[Change]:
    """Yield the systems that are new or gone."""
    for name in sorted({*sides.before} ^ {*sides.after}):
        yield _added(name, sides, environment) if name in sides.after else _removed(name, sides, environment)


def _added(name: str, sides: Sides, environment: str) -> Change:
    found = tuple(_first(sides.after[name]))
    return Change("metadata.name", "added", "", name, name, (environment,), found, (), owners([name], sides))


def _removed(name: str, sides: Sides, environment: str) -> Change:
    reading = [other for other, one in sides.after.items() if reads(one, name)]
    chains = tuple((f"{name} is gone", f"{other}: sets") for other in reading)
    store = _GONE.get(sides.before[name].engines.features.name, "")
    applied = f"Argo CD prunes all its objects{store}"
    found = (Consequence(Effect.DESTROYS, name, "the whole system", applied),)
    who = owners([name, *reading], sides)
    return Change("metadata.name", "removed", name, "", name, (environment,), found, chains, who)


_MOVED: Final[Mapping[str, str]] = {
    "data.sources": "sources",
    "features.entities": "entities",
    "features.views": "views",
}


def moved(path: str, system: str, sides: Sides) -> str:
    """Name the system that a thing goes to, or comes from, as it is: in Feast all of them have one project."""
    section, _, name = path.rpartition(".")
    for mine, theirs in ((sides.before, sides.after), (sides.after, sides.before)):
        of = mine.get(system)
        thing = _held(of, section, name) if of and of.engines.features.name == "feast" else None
        for other, one in theirs.items() if thing else ():
            if other != system and _held(one, section, name) == thing:
                return other
    return ""


def _held(of: Blueprint, section: str, name: str) -> tuple[object, ...] | None:
    """Return a thing of a system with what it is made of."""
    if of.features is None or section not in _MOVED:
        return None
    by_name = {part: {one.name: one for one in getattr(of.features, part)} for part in _MOVED.values()}
    thing = by_name[_MOVED[section]].get(name)
    if not isinstance(thing, View):
        return (thing,) if thing else None
    return thing, by_name["sources"].get(thing.source), by_name["entities"].get(thing.entity)


def reads(blueprint: Blueprint, system: str) -> bool:
    """Tell whether a system's sets read views of another."""
    sets = blueprint.features.sets if blueprint.features else ()
    return any(lookup.system == system for one in sets for lookup in one.lookups)


def _first(of: Blueprint) -> Iterator[Consequence]:
    """Yield what a new system does at first."""
    who = of.identity.system
    if of.model:
        yield Consequence(Effect.RETRAINS, who, f"model {of.model.registered_name}", retrained(of, None))
    for view in of.features.views if of.features else ():
        if view.every:
            yield Consequence(Effect.REMATERIALISES, who, f"view {view.name}", "its first rows come with the first run")
    for endpoint in of.endpoints:
        yield Consequence(Effect.ROLLS, who, f"endpoint {endpoint.spec_name}", "it is served for the first time")
    yield Consequence(Effect.METADATA, who, "the whole system", "its objects are made with the sync after the merge")


_NODES: Final[Mapping[str, str]] = {
    "data.sources": "source",
    "features.entities": "entity",
    "features.views": "view",
    "features.transforms": "transform",
    "features.sets": "set",
}


def renaming(rename: Rename, system: str, sides: Sides) -> Change:
    """Say what a new name does: the store starts an empty view, a served version asks for the old one, a run starts."""
    before, after = sides.before[system], sides.after[system]
    if rename.section == "metadata":
        return _new_name(before, after, sides)
    graph, node = Graph(sides.before.values()), _NODES.get(rename.section)
    chains = graph.chains(before.identity.system, (node, rename.old), rename.path) if node else []
    reached = [each for one in chains for each in one.reached]
    found = [Consequence(Effect.METADATA, system, rename.path, "its objects get the new name with the sync")]
    if rename.section == "features.views":
        applied = _RENAMED.get(after.engines.features.name, "it starts empty")
        found = [Consequence(Effect.REMATERIALISES, system, f"view {rename.new}", applied)]
        told = f"the served version looks `{rename.old}` up, and finds nothing until a new one serves"
        asking = [each for each in reached if each.kind == "endpoint" and each.system in sides.after]
        found += [Consequence(Effect.BREAKS, one.system, f"endpoint {one.name}", told) for one in asking]
    elif rename.section == "serving.endpoints":
        told = f"its address changes from `{rename.old}`; who calls it must follow"
        found = [Consequence(Effect.BREAKS, system, f"endpoint {rename.new}", told)]
    users = {system, *(one.system for one in reached)}
    words = tuple(dict.fromkeys(one.words for one in chains if len(one.words) > 1))
    place = (after.identity.environment,)
    made = _with_runs(found, users, sides)
    return Change(rename.path, "renamed", rename.old, rename.new, system, place, made, words, owners(users, sides))


def _new_name(before: Blueprint, after: Blueprint, sides: Sides) -> Change:
    """Say what another name of a system does: every object of its is another one."""
    old, new, place = before.identity.system, after.identity.system, (after.identity.environment,)
    told = f"its address begins with `{new}` instead of `{old}`; who calls it must follow"
    found = [Consequence(Effect.BREAKS, new, f"endpoint {one.spec_name}", told) for one in after.endpoints]
    if not found:
        told = "its objects are made under the new name, and the old ones are pruned"
        found = [Consequence(Effect.PIPELINES, new, "metadata.name", told)]
    reading = [name for name, one in sides.after.items() if name != new and reads(one, new)]
    chains = tuple(("metadata.name", f"{name}: sets") for name in reading)
    by = owners([new, *reading], sides)
    return Change(
        "metadata.name", "renamed", old, new, new, place, _with_runs(found, {new, *reading}, sides), chains, by
    )


def _with_runs(found: Iterable[Consequence], systems: Iterable[str], sides: Sides) -> tuple[Consequence, ...]:
    """Add the training runs that a new name starts: what is trained on is told by its names."""
    told = tuple(dict.fromkeys(found))
    for system in sorted(systems):
        told = started(told, system, sides)
    return tuple(sorted(told, key=lambda one: (-one.effect, one.system, one.on)))
