"""References: unused names, circular dependencies between systems, and conflicting entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from mlopsctl.diagnostics.codes import policy, references
from mlopsctl.diagnostics.codes import serving as serving_codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.engines.base import Delivery
from mlopsctl.engines.known import engines
from mlopsctl.resolve.model import Entity, FeatureSet, Landscape, Site, System
from mlopsctl.rules.finding import Path, at


class _Names(NamedTuple):
    """The defined and the used names of one kind, and the unresolved references that may hide a use."""

    kind: str
    defined: Iterable[str]
    used: set[str]
    path: Path
    hiding: frozenset[str]


def unused(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report names that no system uses; skip a kind with unresolved references, which may be misspelt uses."""
    read: dict[str, set[str]] = {}
    for system in landscape.systems.values():
        for feature_set in system.sets.values():
            for owner, name in _reads_of(feature_set):
                read.setdefault(owner, set()).add(name)
    for system in landscape.systems.values() if landscape.complete else ():
        for part in (*_parts(system, read.get(system.name, set())), *_fields(system, read.get(system.name, set()))):
            if not part.hiding & landscape.dangling:
                yield from _unused(system, part)


def _reads_of(feature_set: FeatureSet) -> Iterator[tuple[str, str]]:
    """Yield what a set reads, directly and through transforms, as (system, `view` or `view.field`)."""
    for feature in feature_set.features:
        if feature.view:
            yield feature.view.system, feature.view.name
            yield feature.view.system, f"{feature.view.name}.{feature.name}"
        for input_ in feature.transform.inputs if feature.transform else ():
            if input_.view:
                yield input_.view.system, input_.view.name
                yield input_.view.system, f"{input_.view.name}.{input_.name}"


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


def _parts(system: System, read: set[str]) -> Iterator[_Names]:
    """Yield the parts of a system; the features of a system without a model are for other systems to read."""
    features, data, model = system.spec.features, system.spec.data, system.spec.model
    views = features.views.values() if features else ()
    labels = data.labels if data else {}
    sources = {view.source for view in views} | {label.source for label in labels.values()}
    lost_source = _BOUND | {references.UNDEFINED_LABEL.code}
    yield _Names("source", data.sources if data else {}, sources, ("data", "sources"), lost_source)
    if features is None:
        return
    entities = {view.entity for view in views}
    yield _Names("entity", features.entities, entities, ("features", "entities"), _BOUND)
    transforms = {f.producer for feature_set in system.sets.values() for f in feature_set.features if f.transform}
    yield _Names("transform", features.transforms, transforms, ("features", "transforms"), _BOUND)
    if model or system.spec.serving:
        sets = {model.features} if model else set()
        sets |= {endpoint.spec.features for endpoint in system.endpoints.values() if endpoint.spec.features}
        lost_set, lost_label = frozenset({references.UNDEFINED_SET.code}), frozenset({references.UNDEFINED_LABEL.code})
        yield _Names("label", labels, {model.label} if model else set(), ("data", "labels"), lost_label)
        yield _Names("view", features.views, read, ("features", "views"), _BOUND)
        yield _Names("feature set", features.sets, sets, ("features", "sets"), lost_set)


def _fields(system: System, read: set[str]) -> Iterator[_Names]:
    """Yield the fields of each used view, unless the system's features are for other systems to read."""
    if not system.spec.model and not system.spec.serving:
        return
    for name, view in system.views.items():
        if name in read:
            used = {field for field in view.spec.fields if f"{name}.{field}" in read}
            yield _Names("field", view.spec.fields, used, ("features", "views", name, "fields"), _BOUND)


def _unused(system: System, part: _Names) -> Iterator[Diagnostic]:
    for i, name in enumerate(part.defined):
        if name not in part.used:
            path: Path = ("spec", *part.path, name)
            listed: Path = ("spec", *part.path, i)
            path = listed if part.kind == "field" and not system.origin.has(*path) else path
            yield at(system, references.UNUSED, path, f"nothing uses {part.kind} `{name}`", key=True)


def cycles(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report circular dependencies between systems through their features."""
    reads = {name: _reads(system) for name, system in landscape.systems.items()}
    reported: set[frozenset[str]] = set()
    for start in reads:
        circle = _circle(start, reads)
        if circle and frozenset(circle) not in reported:
            reported.add(frozenset(circle))
            system = landscape.systems[start]
            path = reads[start][circle[1]]
            related = tuple(
                landscape.systems[a].origin.value(*reads[a][b], label=f"`{a}` reads `{b}`")
                for a, b in pairwise(circle[1:])
            )
            message = f"circular dependency between systems: {' → '.join(circle)}"
            label = f"`{start}` reads `{circle[1]}`"
            yield at(system, references.SYSTEM_CYCLE, path, message, label=label, related=related)


def _reads(system: System) -> dict[str, Path]:
    """Return the other systems that a system reads, each with the path of the first reference."""
    first_reads: dict[str, Path] = {}
    for feature_set in system.sets.values():
        for feature in feature_set.features:
            if feature.view and feature.view.system != system.name:
                first_reads.setdefault(feature.view.system, feature.path)
    return first_reads


def _circle(start: str, reads: Mapping[str, Mapping[str, Path]]) -> list[str]:
    """Return the shortest cycle through `start`, or an empty list."""
    queue, visited = [[start]], {start}
    while queue:
        way = queue.pop(0)
        for name in reads.get(way[-1], {}):
            if name == start:
                return [*way, start]
            if name not in visited:
                visited.add(name)
                queue.append([*way, name])
    return []


def entities(landscape: Landscape) -> Iterator[Diagnostic]:
    """Require one key and type per entity name in the whole project."""
    first_of_name: dict[str, Entity] = {}
    for system in landscape.systems.values():
        for name, entity in system.entities.items():
            first = first_of_name.setdefault(name, entity)
            if (first.key, first.type) != (entity.key, entity.type):
                path: Path = ("spec", "features", "entities", name)
                origin = landscape.systems[first.system].origin
                own, other = f"{entity.key} ({entity.type})", f"{first.key} ({first.type})"
                message = f"entity `{name}` is {own} here, but {other} in `{first.system}`"
                related = (origin.key(*path, label="first defined here"),)
                yield at(system, references.KEY_CONFLICT, path, message, key=True, related=related)


def promotion(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report unknown environments and cycles in the promotion order."""
    origin, name = landscape.workspace.origin, landscape.environment.name
    before = landscape.environment.promote_from
    if origin is None or before is None:
        return
    path = ("spec", "environments", name, "promoteFrom")
    other_names = [key for key in landscape.workspace.environments if key != name]
    if before not in landscape.workspace.environments:
        if not origin.unreadable("spec", "environments", before):
            message = f"`{name}` is promoted from `{before}`, which is not an environment"
            help = did_you_mean(before, other_names)
            yield policy.PROMOTION.at(origin.value(*path), message, help=help, path=".".join(path))
    elif circle := _promoted_in_circle(name, landscape.workspace.environments):
        message = f"circular promotion of environments: {' → '.join(circle)}"
        yield policy.PROMOTION.at(origin.value(*path), message, path=".".join(path))


def _promoted_in_circle(name: str, order: Mapping[str, str | None]) -> list[str]:
    """Return the cycle through an environment, for the first environment of the cycle in the file; else nothing."""
    way = [name]
    while (before := order.get(way[-1])) is not None and before not in way:
        way.append(before)
    return [*way, name] if before == name and next(key for key in order if key in way) == name else []


def places(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report two environments with the same target: they would overwrite each other's objects."""
    origin, environment = landscape.workspace.origin, landscape.environment
    own_names = dict(_names_of(landscape.workspace.places[environment.name])) if origin else {}
    for name, site in landscape.workspace.places.items():
        if origin is None or name == environment.name:
            return
        if clash := next((own_name for own_name in dict(_names_of(site)) if own_name in own_names), None):
            help = f"give each environment its own {own_names[clash]}"
            message = f"`{environment.name}` and `{name}` have the same target: {clash}"
            path = ("spec", "environments", environment.name)
            related = (origin.key("spec", "environments", name, label="has the same target"),)
            yield policy.SAME_PLACE.at(origin.key(*path), message, help=help, related=related, path=".".join(path))


def _names_of(site: Site) -> Iterator[tuple[str, str]]:
    """Yield each target that an environment writes to, and the kind of field that separates two of them."""
    yield f"namespace `{site.namespace}` of {site.cluster}", "namespace or cluster"
    for chosen in (site.engines.serving, site.engines.features):
        yield from chosen.scopes(site.cluster)


def delivery(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report a missing repository, without which nothing is rendered that delivers the tree."""
    if landscape.engines.delivery is None:
        origin = landscape.workspace.origin
        system = next(iter(landscape.systems.values()), None)
        place: Place | None = origin.key("metadata", "name") if origin else None
        if place is None and system:
            place = system.origin.key("metadata", "name")
        objects = (engines("delivery")[0].delivery or Delivery()).objects
        message = (
            f"{objects} are not rendered: the workspace names no repository for the tree"
            if origin
            else f"the tree is for local runs only: without a workspace file, no {objects} are rendered and "
            "the stores are local files, which pods do not share"
        )
        yield serving_codes.NO_DELIVERY.at(place, message, path="metadata.name")


RULES = ()
LANDSCAPE_RULES = (unused, cycles, entities, promotion, places, delivery)
