"""Decide the features that a system defines in the environment's feature project."""

from __future__ import annotations

import posixpath
from decimal import Decimal
from typing import Any

from mlopsctl.blueprint.decide import names
from mlopsctl.blueprint.model.features import (
    Column,
    Entity,
    Features,
    FeatureSet,
    Field,
    LookupView,
    SetField,
    Source,
    Transform,
    TransformInput,
    View,
)
from mlopsctl.resolve import model as resolved


def project(workspace: resolved.Workspace, environment: resolved.Environment, chosen: resolved.Engines) -> str:
    """Name the feature project that the systems of an environment share."""
    return chosen.features.project or names.module(f"{workspace.name}-{environment.name}")


def features(system: resolved.System) -> Features | None:
    """Decide the system's part of the feature project; None if it defines nothing."""
    if not system.spec.features:
        return None
    shared = project(system.workspace, system.environment, system.engines)
    used = {view.source_name: view.source for view in system.views.values()}
    where = folder(system)
    return Features(
        project=shared,
        # The user's package often has the system's name, and module names must be unique.
        module=f"{names.module(system.name)}_features",
        entities=tuple(Entity(e.name, e.key, e.type, e.description) for e in system.entities.values()),
        sources=tuple(source(name, spec, where) for name, spec in used.items()),
        views=tuple(_view(view) for view in system.views.values()),
        transforms=tuple(_transform(transform) for transform in system.transforms.values()),
        sets=tuple(feature_set(system, bound_set) for bound_set in system.sets.values()),
    )


def folder(system: resolved.System) -> str:
    """Return the spec's folder relative to the workspace's, the prefix of relative file paths."""
    home = system.workspace.origin.file if system.workspace.origin else system.origin.file
    return posixpath.relpath(posixpath.dirname(system.origin.file) or ".", posixpath.dirname(home) or ".")


def source(name: str, spec: Any, where: str) -> Source:
    """Decide a source; a relative path gets the prefix `where`, to start from the workspace's folder."""
    path = getattr(spec, "path", None)
    return Source(
        name=name,
        type=spec.type,
        path=posixpath.normpath(f"{where}/{path}") if path and "://" not in path else path,
        table=getattr(spec, "table", None),
        query=getattr(spec, "query", None),
        warehouse=getattr(spec, "warehouse", None),
        event_time=spec.event_time,
        created_time=spec.created_time,
        cadence=spec.cadence.seconds if spec.cadence else None,
        columns=columns(spec),
        push=spec.push,
        description=spec.description,
        tags=spec.tags,
        lateness=None if spec.lateness is None else spec.lateness.seconds,
    )


def columns(spec: Any) -> tuple[Column, ...]:
    """Decide the contract of a source's columns."""
    return tuple(column(name, column_spec) for name, column_spec in spec.columns.items())


def column(name: str, spec: Any) -> Column:
    """Decide one column's contract."""
    return Column(name, spec.type, spec.nullable, spec.min, spec.max, spec.values or (), spec.description)


def _view(view: resolved.View) -> View:
    return View(
        name=view.name,
        entity=view.entity.name,
        key=view.entity.key,
        source=view.source_name,
        ttl=view.spec.ttl.seconds,
        every=view.spec.materialize.every.seconds if view.spec.materialize else None,
        online=view.spec.served,
        fields=_fields(view),
        description=view.spec.description,
        tags=view.spec.tags,
    )


def _fields(view: resolved.View) -> tuple[Field, ...]:
    return tuple(Field(name, kind) for name, kind in view.types.items())


def _transform(transform: resolved.Transform) -> Transform:
    return Transform(
        name=transform.name,
        function=transform.spec.function,
        inputs=tuple(TransformInput(i.view.name if i.view else None, i.name, i.type) for i in transform.inputs),
        fields=tuple(Field(name, kind) for name, kind in transform.spec.fields.items()),
        description=transform.spec.description,
    )


def feature_set(system: resolved.System, bound_set: resolved.FeatureSet) -> FeatureSet:
    """Decide a set: its fields in order, and the views to look up for them."""
    return FeatureSet(
        name=bound_set.name,
        fields=tuple(_set_field(system, feature) for feature in bound_set.features),
        request=tuple(Field(name, kind) for name, kind in bound_set.spec.request.items()),
        keys=tuple(Field(entity.key, entity.type) for entity in bound_set.entities),
        lookups=tuple(_lookup(view, bound_set) for view in bound_set.views),
        transforms=tuple(transform.name for transform in bound_set.transforms),
        description=bound_set.spec.description,
        transform_only=bound_set.spec.transform_only,
        nullable=bound_set.spec.nullable,
        unknown_entity=bound_set.spec.unknown_entity or "",
        outside_contract="refuse" if bound_set.spec.outside_contract == "refuse" else "",
        default_answer=_answer(bound_set.spec.default_answer),
    )


def _answer(value: Decimal | str | None) -> float | str | None:
    return float(value) if isinstance(value, Decimal) else value


def _set_field(system: resolved.System, feature: resolved.Feature) -> SetField:
    owner = feature.view.system if feature.view else system.name
    return SetField(feature.name, feature.type, owner, feature.producer, feature.transform is not None)


def _lookup(view: resolved.View, feature_set: resolved.FeatureSet) -> LookupView:
    """Return a view with only the fields that the set or its transforms read, in the view's order."""
    read = {f.name for f in feature_set.features if f.view and _same_view(f.view, view)}
    for transform in feature_set.transforms:
        read |= {i.name for i in transform.inputs if i.view and _same_view(i.view, view)}
    fields = tuple(field for field in _fields(view) if field.name in read)
    return LookupView(view.system, view.name, view.entity.key, view.entity.type, view.spec.ttl.seconds, fields)


def _same_view(a: resolved.View, b: resolved.View) -> bool:
    return (a.system, a.name) == (b.system, b.name)
