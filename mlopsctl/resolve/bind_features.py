"""Bind entities, views and transforms: the parts of a system that other systems may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from mlopsctl.diagnostics.codes import references as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import closest, did_you_mean
from mlopsctl.resolve.model import Entity, Input, System, Transform, View
from mlopsctl.resolve.origin import Origin
from mlopsctl.source.node import Path


class Findings(Struct):
    """Collect the diagnostics of one document, and drop those about unreadable parts.

    `hidden` are the names of systems with errors; None where even their names are unknown.
    """

    origin: Origin
    hidden: frozenset[str] | None = frozenset()
    diagnostics: list[Diagnostic] = []

    def may_exist(self, system: str) -> bool:
        """Return whether a system with errors may have this name."""
        return self.hidden is None or closest(system, self.hidden) is not None

    def undefined(self, code: Code, path: Path, message: str, name: str, candidates: Iterable[str]) -> None:
        """Report an unknown name with a suggestion."""
        names = list(candidates)
        help = did_you_mean(name, names) or (f"known names: {', '.join(names)}" if names else "")
        dotted = ".".join(map(str, path))
        self.diagnostics.append(code.at(self.origin.value(*path), message, help=help, path=dotted))


def bind_entities(system: System) -> dict[str, Entity]:
    """Bind the entities."""
    if not system.spec.features:
        return {}
    return {
        name: Entity(system.name, name, entity.key, entity.type, entity.description)
        for name, entity in system.spec.features.entities.items()
    }


def bind_views(system: System, entities: Mapping[str, Entity], findings: Findings) -> dict[str, View]:
    """Bind each view to its entity and source."""
    section, sources = system.spec.features, system.spec.data.sources if system.spec.data else {}
    bound: dict[str, View] = {}
    for name, view in (section.views if section else {}).items():
        path: Path = ("spec", "features", "views", name)
        entity, source = entities.get(view.entity), sources.get(view.source)
        if not entity and not system.origin.unreadable("spec", "features", "entities", view.entity):
            message = f"view `{name}` has the entity `{view.entity}`, which is not defined"
            findings.undefined(codes.UNDEFINED_ENTITY, (*path, "entity"), message, view.entity, entities)
        if not source and not system.origin.unreadable("spec", "data", "sources", view.source):
            message = f"view `{name}` reads `{view.source}`, which is not a source"
            findings.undefined(codes.UNDEFINED_SOURCE, (*path, "source"), message, view.source, sources)
        if entity and source:
            types = _field_types(system, name, findings)
            owner = system.metadata.owner
            complete = not system.origin.unreadable(*path)
            bound[name] = View(system.name, name, view, entity, view.source, source, types, owner, complete)
    return bound


def _field_types(system: System, name: str, findings: Findings) -> dict[str, str]:
    """Return each field's type: the declared one, otherwise that of the source's column."""
    assert system.spec.features and system.spec.data  # noqa: S101 - the caller bound both
    view = system.spec.features.views[name]
    columns = system.spec.data.sources[view.source].columns
    listed: Path = ("spec", "features", "views", name, "fields")
    types = {}
    for i, (column, kind) in enumerate(view.fields.items()):
        if column not in columns and not system.origin.unreadable(
            "spec", "data", "sources", view.source, "columns", column
        ):
            path = (*listed, column) if system.origin.has(*listed, column) else (*listed, i)
            message = f"field `{column}` of view `{name}` is not a column of source `{view.source}`"
            findings.undefined(codes.UNDEFINED_COLUMN, path, message, column, columns)
        elif column in columns:
            types[column] = kind or columns[column].type
    return types


def bind_transforms(system: System, views: Mapping[str, View], findings: Findings) -> dict[str, Transform]:
    """Bind each transform's inputs; a request field's type comes from the sets that use it."""
    section = system.spec.features
    bound: dict[str, Transform] = {}
    for name, transform in (section.transforms if section else {}).items():
        inputs = [_input(system, (name, i), text, views, findings) for i, text in enumerate(transform.inputs)]
        if all(inputs):
            bound[name] = Transform(system.name, name, transform, tuple(i for i in inputs if i))
    return bound


def _input(
    system: System, at: tuple[str, int], text: str, views: Mapping[str, View], findings: Findings
) -> Input | None:
    owner, _, name = text.partition(".")
    path: Path = ("spec", "features", "transforms", at[0], "inputs", at[1])
    if owner == "request":
        kind = request_type(system, name)
        if kind is None:
            message = f"transform `{at[0]}` reads `request.{name}`, which is not a request field of any set"
            findings.undefined(codes.UNDEFINED_REQUEST_FIELD, path, message, name, sorted(_requests(system)))
        return Input(None, name, kind) if kind else None
    view = views.get(owner)
    if not view:
        if not system.origin.unreadable("spec", "features", "views", owner) and owner not in (
            system.spec.features.views if system.spec.features else {}
        ):
            message = f"transform `{at[0]}` reads `{owner}`, which is not a view"
            findings.undefined(codes.UNDEFINED_VIEW, path, message, owner, [*views, "request"])
        return None
    if name not in view.types:
        if name not in view.spec.fields and not view.may_mean(name):
            message = f"transform `{at[0]}` reads `{name}`, which view `{owner}` does not have"
            findings.undefined(codes.UNDEFINED_FIELD, path, message, name, view.types)
        return None
    return Input(view, name, view.types[name])


def _requests(system: System) -> dict[str, str]:
    sets = system.spec.features.sets.values() if system.spec.features else ()
    return {name: kind for feature_set in sets for name, kind in feature_set.request.items()}


def request_type(system: System, name: str) -> str | None:
    """Return the type of a request field, from the system's sets."""
    return _requests(system).get(name)
