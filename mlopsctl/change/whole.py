"""Things that come, go or get another name as a whole: systems, environments, views, endpoints.

In: both sides of an environment. Out: changes. Never looks into what stayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.change.consequences import Sides, retrained
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
    store = _GONE.get(sides.before[name].engines.features.name, "")
    applied = f"Argo CD prunes all its objects{store}"
    found = (Consequence(Effect.DESTROYS, name, "the whole system", applied),)
    reading = [other for other, one in sides.after.items() if reads(one, name)]
    chains = tuple((f"{name} is gone", f"{other}: sets") for other in reading)
    who = owners([name, *reading], sides)
    return Change("metadata.name", "removed", name, "", name, (environment,), found, chains, who)


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


def renaming(rename: Rename, before: Blueprint, after: Blueprint) -> Change:
    """Say what a new name does: the store starts an empty view, and a served version asks for the old one."""
    who, place = after.identity.system, (after.identity.environment,)
    chains: tuple[tuple[str, ...], ...] = ()
    found = [Consequence(Effect.METADATA, who, rename.path, "its objects get the new name with the sync")]
    if rename.section == "features.views":
        applied = _RENAMED.get(after.engines.features.name, "it starts empty")
        found = [Consequence(Effect.REMATERIALISES, who, f"view {rename.new}", applied)]
        reached = Graph([before]).chains(who, ("view", rename.old), rename.path)
        chains = tuple(dict.fromkeys(one.words for one in reached))
        told = f"the served version looks `{rename.old}` up, and finds nothing until a new one serves"
        asking = [each for one in reached for each in one.reached if each.kind == "endpoint"]
        found += [Consequence(Effect.BREAKS, one.system, f"endpoint {one.name}", told) for one in asking]
    elif rename.section == "serving.endpoints":
        told = f"its address changes from `{rename.old}`; who calls it must follow"
        found = [Consequence(Effect.BREAKS, who, f"endpoint {rename.new}", told)]
    elif rename.section == "features.transforms":
        told = "the next version has the transform under its new name"
        found = [Consequence(Effect.RETRAINS, who, rename.path, told)]
    unique = tuple(sorted(dict.fromkeys(found), key=lambda one: -one.effect))
    by = (after.identity.owner,)
    return Change(rename.path, "renamed", rename.old, rename.new, who, place, unique, chains, by)


def new_name(before: Blueprint, after: Blueprint) -> Change:
    """Say what another name of a system does: every object of its is another one."""
    old, new, place = before.identity.system, after.identity.system, (after.identity.environment,)
    told = f"its address begins with `{new}` instead of `{old}`; who calls it must follow"
    found = [Consequence(Effect.BREAKS, new, f"endpoint {one.spec_name}", told) for one in after.endpoints]
    if not found:
        told = "its objects are made under the new name, and the old ones are pruned"
        found = [Consequence(Effect.PIPELINES, new, "metadata.name", told)]
    by = (after.identity.owner,)
    return Change("metadata.name", "renamed", old, new, new, place, tuple(found), (), by)
