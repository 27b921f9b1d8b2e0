"""References: nothing unused, no circles between systems, one meaning for one entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from mlopsctl.diagnostics.codes import policy, references
from mlopsctl.diagnostics.codes import serving as serving_codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.model import Entity, FeatureSet, Landscape, Site, System, stack_spec
from mlopsctl.rules.finding import Path, at


class _Used(NamedTuple):
    """A kind of thing, what is defined of it and what is used, and which dangling names may hide a use."""

    kind: str
    defined: Iterable[str]
    used: set[str]
    where: Path
    hiding: frozenset[str]


def unused(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report what nothing uses, in this system or in another; a misspelt name hides what it was meant to use."""
    read: dict[str, set[str]] = {}
    for system in landscape.systems.values():
        for one in system.sets.values():
            for owner, name in _reads_of(one):
                read.setdefault(owner, set()).add(name)
    for system in landscape.systems.values() if landscape.whole else ():
        for part in (*_parts(system, read.get(system.name, set())), *_fields(system, read.get(system.name, set()))):
            if not part.hiding & landscape.dangling:
                yield from _unused(system, part)


def _reads_of(one: FeatureSet) -> Iterator[tuple[str, str]]:
    """Yield what a set reads as (system, `view` or `view.field`), by itself and through its transforms."""
    for feature in one.features:
        if feature.view:
            yield feature.view.system, feature.view.name
            yield feature.view.system, f"{feature.view.name}.{feature.name}"
        for given in feature.transform.inputs if feature.transform else ():
            if given.view:
                yield given.view.system, given.view.name
                yield given.view.system, f"{given.view.name}.{given.name}"


_NAMES = frozenset(code.code for code in (references.UNDEFINED_VIEW, references.UNDEFINED_FIELD))
_BOUND = _NAMES | {
    code.code
    for code in (
        references.UNDEFINED_ENTITY,
        references.UNDEFINED_SOURCE,
        references.UNDEFINED_COLUMN,
        references.UNDEFINED_SYSTEM,
        references.UNDEFINED_REQUEST_FIELD,
    )
}


def _parts(system: System, read: set[str]) -> Iterator[_Used]:
    """Yield the parts of a system. One without a model is there for others to read, now or later."""
    features, data, model = system.spec.features, system.spec.data, system.spec.model
    views = features.views.values() if features else ()
    labels = data.labels if data else {}
    sources = {view.source for view in views} | {label.source for label in labels.values()}
    lost_source = _BOUND | {references.UNDEFINED_LABEL.code}
    yield _Used("source", data.sources if data else {}, sources, ("data", "sources"), lost_source)
    if features is None:
        return
    entities = {view.entity for view in views}
    yield _Used("entity", features.entities, entities, ("features", "entities"), _BOUND)
    transforms = {f.producer for one in system.sets.values() for f in one.features if f.transform}
    yield _Used("transform", features.transforms, transforms, ("features", "transforms"), _BOUND)
    if model or system.spec.serving:
        sets = {model.features} if model else set()
        sets |= {endpoint.spec.features for endpoint in system.endpoints.values() if endpoint.spec.features}
        lost_set, lost_label = frozenset({references.UNDEFINED_SET.code}), frozenset({references.UNDEFINED_LABEL.code})
        yield _Used("label", labels, {model.label} if model else set(), ("data", "labels"), lost_label)
        yield _Used("view", features.views, read, ("features", "views"), _BOUND)
        yield _Used("feature set", features.sets, sets, ("features", "sets"), lost_set)


def _fields(system: System, read: set[str]) -> Iterator[_Used]:
    """Yield the fields of each view that something reads, where the system is not there for others."""
    if not system.spec.model and not system.spec.serving:
        return
    for name, view in system.views.items():
        if name in read:
            used = {field for field in view.spec.fields if f"{name}.{field}" in read}
            yield _Used("field", view.spec.fields, used, ("features", "views", name, "fields"), _BOUND)


def _unused(system: System, part: _Used) -> Iterator[Diagnostic]:
    for i, name in enumerate(part.defined):
        if name not in part.used:
            path: Path = ("spec", *part.where, name)
            listed: Path = ("spec", *part.where, i)
            path = listed if part.kind == "field" and not system.origin.has(*path) else path
            yield at(system, references.UNUSED, path, f"nothing uses {part.kind} `{name}`", key=True)


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
    origin, name = landscape.workspace.origin, landscape.environment.name
    before = landscape.environment.promote_from
    if origin is None or before is None:
        return
    path = ("spec", "environments", name, "promoteFrom")
    known = [key for key in landscape.workspace.environments if key != name]
    if before not in landscape.workspace.environments:
        if not origin.unreadable("spec", "environments", before):
            message = f"`{name}` is promoted from `{before}`, which is no environment"
            help = did_you_mean(before, known)
            yield policy.PROMOTION.at(origin.value(*path), message, help=help, path=".".join(path))
    elif circle := _promoted_in_circle(name, landscape.workspace.environments):
        message = f"environments are promoted from each other: {' → '.join(circle)}"
        yield policy.PROMOTION.at(origin.value(*path), message, path=".".join(path))


def _promoted_in_circle(name: str, order: Mapping[str, str | None]) -> list[str]:
    """Return the way from an environment back to itself; the first of a circle in the file tells it."""
    way = [name]
    while (before := order.get(way[-1])) is not None and before not in way:
        way.append(before)
    return [*way, name] if before == name and next(key for key in order if key in way) == name else []


def places(landscape: Landscape) -> Iterator[Diagnostic]:
    """Two environments must not be one place: they would overwrite each other's objects."""
    origin, environment = landscape.workspace.origin, landscape.environment
    here = dict(_names_of(landscape.workspace.places[environment.name])) if origin else {}
    for name, there in landscape.workspace.places.items():
        if origin is None or name == environment.name:
            return
        if one := next((each for each in dict(_names_of(there)) if each in here), None):
            help = f"give each environment {here[one]} of its own"
            message = f"`{environment.name}` and `{name}` are one place: {one}"
            path = ("spec", "environments", environment.name)
            related = (origin.key("spec", "environments", name, label="is there as well"),)
            yield policy.SAME_PLACE.at(origin.key(*path), message, help=help, related=related, path=".".join(path))


def _names_of(site: Site) -> Iterator[tuple[str, str]]:
    """Yield every list of names that an environment writes to, and what has one: not all engines have namespaces."""
    yield f"namespace `{site.namespace}` of {site.cluster}", "a namespace or a cluster"
    serving, features = site.engines.serving, site.engines.features
    if isinstance(serving, stack_spec.Cortex):
        yield f"the APIs of Cortex in {site.cluster}", "a cluster"
    if isinstance(features, stack_spec.Hopsworks) and features.project:
        yield f"project `{features.project}` of Hopsworks at {features.host or site.cluster}", "a project"


def delivery(landscape: Landscape) -> Iterator[Diagnostic]:
    """Say so when there is no repository for Argo CD to read."""
    if landscape.engines.delivery is None:
        origin = landscape.workspace.origin
        system = next(iter(landscape.systems.values()), None)
        place: Place | None = origin.key("metadata", "name") if origin else None
        if place is None and system:
            place = system.origin.key("metadata", "name")
        message = "Argo CD applications are left out: nothing says where the tree is committed"
        yield serving_codes.NO_DELIVERY.at(place, message, path="metadata.name")


RULES = ()
LANDSCAPE_RULES = (unused, cycles, entities, promotion, places, delivery)
