"""References: nothing unused, no circles between systems, one meaning for one entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from mlopsctl.diagnostics.codes import policy, references
from mlopsctl.diagnostics.codes import serving as serving_codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.model import Entity, Landscape, System
from mlopsctl.rules.finding import Path, at


def unused(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report what nothing uses, in this system or in another."""
    read_elsewhere = {
        (view.system, view.name)
        for system in landscape.systems.values()
        for one in system.sets.values()
        for view in one.views
    }
    for system in landscape.systems.values():
        yield from _unused(system, read_elsewhere)


def _unused(system: System, read: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    features, data = system.spec.features, system.spec.data
    if system.origin.left_out or not features or not data:
        return
    sources = {view.source for view in features.views.values()} | {label.source for label in data.labels.values()}
    entities = {view.entity for view in features.views.values()}
    sets = {system.spec.model.features} if system.spec.model else set()
    sets |= {endpoint.spec.features for endpoint in system.endpoints.values() if endpoint.spec.features}
    transforms = {f.producer for one in system.sets.values() for f in one.features if f.transform}
    labels = {system.spec.model.label} if system.spec.model else set()
    views = {name for owner, name in read if owner == system.name}
    exported = not system.spec.model and not system.spec.serving
    parts: tuple[tuple[str, Mapping[str, object], set[str], Path], ...] = (
        ("source", data.sources, sources, ("data", "sources")),
        ("label", data.labels, labels, ("data", "labels")),
        ("entity", features.entities, entities, ("features", "entities")),
        ("view", features.views, views, ("features", "views")),
        ("transform", features.transforms, transforms, ("features", "transforms")),
        ("feature set", features.sets, sets, ("features", "sets")),
    )
    for kind, defined, used, where in parts:
        # A system without a model is there for others to read.
        if exported and kind in ("view", "feature set", "label"):
            continue
        for name in defined:
            if name not in used:
                yield at(system, references.UNUSED, ("spec", *where, name), f"nothing uses {kind} `{name}`", key=True)


def cycles(landscape: Landscape) -> Iterator[Diagnostic]:
    """Systems must not read each other's features in a circle."""
    reads = {name: _reads(system) for name, system in landscape.systems.items()}
    reported: set[frozenset[str]] = set()
    for start in reads:
        circle = _circle(start, reads)
        if circle and frozenset(circle) not in reported:
            reported.add(frozenset(circle))
            system = landscape.systems[start]
            path = reads[start][circle[1]]
            others = tuple(
                landscape.systems[a].origin.value(*reads[a][b], label=f"`{a}` reads `{b}`")
                for a, b in pairwise(circle[1:])
            )
            message = f"systems read each other's features: {' → '.join(circle)}"
            label = f"`{start}` reads `{circle[1]}`"
            yield at(system, references.SYSTEM_CYCLE, path, message, label=label, related=others)


def _reads(system: System) -> dict[str, Path]:
    """Return the other systems that a system reads, each with the first place that does."""
    found: dict[str, Path] = {}
    for one in system.sets.values():
        for feature in one.features:
            if feature.view and feature.view.system != system.name:
                found.setdefault(feature.view.system, feature.path)
    return found


def _circle(start: str, reads: Mapping[str, Mapping[str, Path]]) -> list[str]:
    """Return the shortest way from `start` back to itself, or nothing."""
    queue, seen = [[start]], {start}
    while queue:
        way = queue.pop(0)
        for name in reads.get(way[-1], {}):
            if name == start:
                return [*way, start]
            if name not in seen:
                seen.add(name)
                queue.append([*way, name])
    return []


def entities(landscape: Landscape) -> Iterator[Diagnostic]:
    """An entity of one name must have one key and type in the whole project."""
    seen: dict[str, Entity] = {}
    for system in landscape.systems.values():
        for name, entity in system.entities.items():
            first = seen.setdefault(name, entity)
            if (first.key, first.type) != (entity.key, entity.type):
                path: Path = ("spec", "features", "entities", name)
                origin = landscape.systems[first.system].origin
                here, there = f"{entity.key} ({entity.type})", f"{first.key} ({first.type})"
                message = f"entity `{name}` is {here} here, and {there} in `{first.system}`"
                related = (origin.key(*path, label="first defined here"),)
                yield at(system, references.KEY_CONFLICT, path, message, key=True, related=related)


def promotion(landscape: Landscape) -> Iterator[Diagnostic]:
    """The environments' order must begin somewhere."""
    origin, environment = landscape.workspace.origin, landscape.environment
    if origin is None or environment.promote_from is None:
        return
    path = ("spec", "environments", environment.name, "promoteFrom")
    if not origin.has("spec", "environments", environment.promote_from):
        message = f"`{environment.name}` is promoted from `{environment.promote_from}`, which is no environment"
        yield policy.PROMOTION.at(origin.value(*path), message, path=".".join(path))
    elif environment.promote_from == environment.name:
        message = f"`{environment.name}` is promoted from itself"
        yield policy.PROMOTION.at(origin.value(*path), message, path=".".join(path))


def delivery(landscape: Landscape) -> Iterator[Diagnostic]:
    """Say so when there is no repository for Argo CD to read."""
    if landscape.engines.delivery is None:
        origin = landscape.workspace.origin
        system = next(iter(landscape.systems.values()), None)
        place: Place | None = origin.key("metadata", "name") if origin else None
        if place is None and system:
            place = system.origin.key("metadata", "name")
        message = "Argo CD applications are left out: no `git.repository` says where the tree is committed"
        yield serving_codes.NO_DELIVERY.at(place, message, path="metadata.name")


RULES = ()
LANDSCAPE_RULES = (unused, cycles, entities, promotion, delivery)
