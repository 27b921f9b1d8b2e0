"""Systems, environments, views and endpoints that are added, removed or renamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import View
from mlopsctl.plan.effects import Sides, retrained, started
from mlopsctl.plan.engine_facts import delivery, feature_store
from mlopsctl.plan.graph import Graph
from mlopsctl.plan.model import Action, Chain, Change, Consequence, Effect, EffectTarget, Kind, Link, ranked
from mlopsctl.plan.renames import Rename


def owners(systems: Iterable[str], sides: Sides) -> tuple[str, ...]:
    """Return the owners of these systems, before or after the change."""
    names = (
        blueprint.identity.owner
        for name in systems
        for blueprint in (sides.before.get(name), sides.after.get(name))
        if blueprint
    )
    return tuple(sorted(set(names)))


def environment(name: str, sides: Sides, *, added: bool) -> Change:
    """Return the change of an added or removed environment."""
    action = Action.ADDED if added else Action.REMOVED
    applied = delivery(next(iter(sides.before.values()), None)).all_pruned
    consequences = [Consequence(Effect.DESTROYS, "", EffectTarget(Kind.ENVIRONMENT, name), applied)]
    consequences += [
        Consequence(Effect.DESTROYS, system, EffectTarget(Kind.SYSTEM), applied) for system in sides.before
    ]
    if added:
        consequences = [consequence for system in sides.after.values() for consequence in _first(system)]
    reviewers = owners((*sides.before, *sides.after), sides)
    return Change(f"workspace:environments.{name}", action, "", "", "", (name,), tuple(consequences), (), reviewers)


def systems(sides: Sides, environment: str) -> Iterator[Change]:
    """Yield a change for each system that is added or removed."""
    for name in sorted({*sides.before} ^ {*sides.after}):
        yield _added(name, sides, environment) if name in sides.after else _removed(name, sides, environment)


def _added(name: str, sides: Sides, environment: str) -> Change:
    consequences = tuple(_first(sides.after[name]))
    return Change(
        "metadata.name", Action.ADDED, "", name, name, (environment,), consequences, (), owners([name], sides)
    )


def _removed(name: str, sides: Sides, environment: str) -> Change:
    reading = [other for other, blueprint in sides.after.items() if reads(blueprint, name)]
    chains = _to_readers(name, reading)
    store = feature_store(sides.before[name])
    applied = f"{delivery(sides.before[name]).all_pruned}{store.removed_system if store else ''}"
    consequences = (Consequence(Effect.DESTROYS, name, EffectTarget(Kind.SYSTEM), applied),)
    reviewers = owners([name, *reading], sides)
    return Change("metadata.name", Action.REMOVED, name, "", name, (environment,), consequences, chains, reviewers)


def _to_readers(system: str, reading: Iterable[str]) -> tuple[Chain, ...]:
    """Return the chains from a system to the feature sets of the systems that read it."""
    start = Link(Kind.SYSTEM, system, system, "metadata.name")
    return tuple((start, Link(Kind.SET, name, "", "sets")) for name in reading)


_MOVABLE: Final[Mapping[str, str]] = {
    "data.sources": "sources",
    "features.entities": "entities",
    "features.views": "views",
}


def new_owner(path: str, system: str, sides: Sides) -> str:
    """Return the system that an unchanged object moves to or from; Feast has one project for all systems."""
    section, _, name = path.rpartition(".")
    for mine, theirs in ((sides.before, sides.after), (sides.after, sides.before)):
        source = mine.get(system)
        store = feature_store(source) if source else None
        part = _part_with_sources(source, section, name) if source and store and store.shared_project else None
        for other, blueprint in theirs.items() if part else ():
            if other != system and _part_with_sources(blueprint, section, name) == part:
                return other
    return ""


def _part_with_sources(blueprint: Blueprint, section: str, name: str) -> tuple[object, ...] | None:
    """Return an object of a system together with the objects it is built from."""
    if blueprint.features is None or section not in _MOVABLE:
        return None
    by_name = {
        part: {part_value.name: part_value for part_value in getattr(blueprint.features, part)}
        for part in _MOVABLE.values()
    }
    part_value = by_name[_MOVABLE[section]].get(name)
    if not isinstance(part_value, View):
        return (part_value,) if part_value else None
    return part_value, by_name["sources"].get(part_value.source), by_name["entities"].get(part_value.entity)


def reads(blueprint: Blueprint, system: str) -> bool:
    """Return whether a system's feature sets read views of another system."""
    sets = blueprint.features.sets if blueprint.features else ()
    return any(lookup.system == system for feature_set in sets for lookup in feature_set.lookups)


def _first(blueprint: Blueprint) -> Iterator[Consequence]:
    """Yield the effects of a new system."""
    system = blueprint.identity.system
    if blueprint.model:
        yield Consequence(
            Effect.RETRAINS,
            system,
            EffectTarget(Kind.MODEL, blueprint.model.registered_name),
            retrained(blueprint, None),
        )
    for view in blueprint.features.views if blueprint.features else ():
        if view.every:
            yield Consequence(
                Effect.REMATERIALISES, system, EffectTarget(Kind.VIEW, view.name), "the first materialisation fills it"
            )
    for endpoint in blueprint.endpoints:
        yield Consequence(
            Effect.ROLLS, system, EffectTarget(Kind.ENDPOINT, endpoint.spec_name), "served for the first time"
        )
    yield Consequence(Effect.METADATA, system, EffectTarget(Kind.SYSTEM), delivery(blueprint).created)


_NODES: Final[Mapping[str, str]] = {
    "data.sources": "source",
    "features.entities": "entity",
    "features.views": "view",
    "features.transforms": "transform",
    "features.sets": "set",
}


def renaming(rename: Rename, system: str, sides: Sides) -> Change:
    """Return the change of a rename: an empty view in the store, lookups of the old name, a training run."""
    before, after = sides.before[system], sides.after[system]
    if rename.section == "metadata":
        return _new_name(before, after, sides)
    graph, node = Graph(sides.before.values()), _NODES.get(rename.section)
    chains = graph.chains(before.identity.system, (node, rename.old), rename.path) if node else []
    reached = [link for chain in chains for link in chain]
    consequences = [
        Consequence(
            Effect.METADATA,
            system,
            EffectTarget(Kind.FIELD, rename.path),
            "its objects get the new name after the merge",
        )
    ]
    if rename.section == "features.views":
        renaming_store = feature_store(after)
        applied = renaming_store.renamed_view if renaming_store else "the new view is empty"
        consequences = [Consequence(Effect.REMATERIALISES, system, EffectTarget(Kind.VIEW, rename.new), applied)]
        breakage = f"the served version looks up `{rename.old}` and finds nothing until a new one serves"
        asking = [link for link in reached if link.kind is Kind.ENDPOINT and link.system in sides.after]
        consequences += [
            Consequence(Effect.BREAKS, link.system, EffectTarget(Kind.ENDPOINT, link.name), breakage) for link in asking
        ]
    elif rename.section == "serving.endpoints":
        breakage = f"its address changes from `{rename.old}`: callers must switch to the new one"
        consequences = [Consequence(Effect.BREAKS, system, EffectTarget(Kind.ENDPOINT, rename.new), breakage)]
    users = {system, *(link.system for link in reached)}
    shown = tuple(dict.fromkeys(chain for chain in chains if len(chain) > 1))
    place = (after.identity.environment,)
    consequences_with_runs = _with_runs(consequences, users, sides)
    return Change(
        rename.path,
        Action.RENAMED,
        rename.old,
        rename.new,
        system,
        place,
        consequences_with_runs,
        shown,
        owners(users, sides),
    )


def _new_name(before: Blueprint, after: Blueprint, sides: Sides) -> Change:
    """Return the change of a system's rename: all its objects are created anew."""
    old, new, place = before.identity.system, after.identity.system, (after.identity.environment,)
    applied = f"its address begins with `{new}` instead of `{old}`: callers must switch to the new one"
    consequences = [
        Consequence(Effect.BREAKS, new, EffectTarget(Kind.ENDPOINT, endpoint.spec_name), applied)
        for endpoint in after.endpoints
    ]
    if not consequences:
        applied = delivery(after).renamed
        consequences = [Consequence(Effect.PIPELINES, new, EffectTarget(Kind.FIELD, "metadata.name"), applied)]
    reading = [name for name, blueprint in sides.after.items() if name != new and reads(blueprint, new)]
    chains = _to_readers(new, reading)
    reviewers = owners([new, *reading], sides)
    return Change(
        "metadata.name",
        Action.RENAMED,
        old,
        new,
        new,
        place,
        _with_runs(consequences, {new, *reading}, sides),
        chains,
        reviewers,
    )


def _with_runs(consequences: Iterable[Consequence], systems: Iterable[str], sides: Sides) -> tuple[Consequence, ...]:
    """Add the training runs that a rename starts: the training fingerprint contains the names."""
    unique = tuple(dict.fromkeys(consequences))
    for system in sorted(systems):
        unique = started(unique, system, sides)
    return ranked(unique)
