"""Features: what a system defines in the environment's feature project.

In: a resolved system. Out: entities, sources, views, transforms and sets, with every type and second decided.
"""

from __future__ import annotations

import posixpath
from typing import Any

from mlopsctl.blueprint import names
from mlopsctl.blueprint.model import (
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
    """Decide the system's part of the feature project; None where it defines nothing."""
    if not system.spec.features:
        return None
    shared = project(system.workspace, system.environment, system.engines)
    used = {view.source_name: view.source for view in system.views.values()}
    where = folder(system)
    return Features(
        project=shared,
        # The user's own package is often named as the system is, and only one module can have a name.
        module=f"{names.module(system.name)}_features",
        entities=tuple(Entity(e.name, e.key, e.type, e.description) for e in system.entities.values()),
        sources=tuple(source(name, spec, where) for name, spec in used.items()),
        views=tuple(_view(view) for view in system.views.values()),
        transforms=tuple(_transform(transform) for transform in system.transforms.values()),
        sets=tuple(feature_set(system, one) for one in system.sets.values()),
    )


def folder(system: resolved.System) -> str:
    """Return the spec's folder as seen from the workspace's: what relative paths of files begin with."""
    home = system.workspace.origin.file if system.workspace.origin else system.origin.file
    return posixpath.relpath(posixpath.dirname(system.origin.file) or ".", posixpath.dirname(home) or ".")


def source(name: str, spec: Any, where: str) -> Source:
    """Decide a source; a relative path is led to from the workspace's folder, through `where`."""
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
    )


def columns(spec: Any) -> tuple[Column, ...]:
    """Decide the contract of a source's columns."""
    return tuple(column(name, one) for name, one in spec.columns.items())


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


def feature_set(system: resolved.System, one: resolved.FeatureSet) -> FeatureSet:
    """Decide a set: its fields in order, and what is looked up for them."""
    return FeatureSet(
        name=one.name,
        fields=tuple(_set_field(system, feature) for feature in one.features),
        request=tuple(Field(name, kind) for name, kind in one.spec.request.items()),
        keys=tuple(Field(entity.key, entity.type) for entity in one.entities),
        lookups=tuple(_lookup(view, one) for view in one.views),
        transforms=tuple(transform.name for transform in one.transforms),
        description=one.spec.description,
    )


def _set_field(system: resolved.System, feature: resolved.Feature) -> SetField:
    owner = feature.view.system if feature.view else system.name
    return SetField(feature.name, feature.type, owner, feature.producer, feature.transform is not None)


def _lookup(view: resolved.View, one: resolved.FeatureSet) -> LookupView:
    """Keep of a view what the set reads, for itself or through a transform, in the view's own order."""
    read = {f.name for f in one.features if f.view and _same(f.view, view)}
    for transform in one.transforms:
        read |= {i.name for i in transform.inputs if i.view and _same(i.view, view)}
    fields = tuple(field for field in _fields(view) if field.name in read)
    return LookupView(view.system, view.name, view.entity.key, view.entity.type, view.spec.ttl.seconds, fields)


def _same(a: resolved.View, b: resolved.View) -> bool:
    return (a.system, a.name) == (b.system, b.name)
