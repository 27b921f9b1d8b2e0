"""Origins of features: sources, views, transforms and sets, of this system or of one that it reads."""

from __future__ import annotations

from mlopsctl.blueprint.model.features import Entity, FeatureSet, LookupView, SetField, Source, Transform, View
from mlopsctl.blueprint.provenance.paths import Owner, Paths, SpecPath, stack, workspace


def of_entity(entity: Entity, owner: Owner) -> Paths:
    yield owner.spec("features.entities", entity.name)
    yield from owned(owner)


def owned(owner: Owner) -> Paths:
    """Yield the paths of a feature definition's owner."""
    system = owner.blueprint.identity.system
    yield from (SpecPath(system, ("metadata", key)) for key in ("owner", "tier", "name"))


def of_source(source: Source, owner: Owner) -> Paths:
    yield owner.spec("data.sources", source.name)
    yield workspace("environments", owner.environment, "vars")
    yield from stack(owner, "features", "offline", "type")
    yield from owned(owner)


def rows(source: Source, owner: Owner) -> Paths:
    """Yield the paths that decide the rows read from a source, without cadence and contract."""
    where = [key for key in ("path", "table", "query", "warehouse") if getattr(source, key)]
    yield from (owner.spec("data.sources", source.name, key) for key in ("type", *where, "eventTime", "createdTime"))


def of_view(view: View, owner: Owner) -> Paths:
    yield owner.spec("features.views", view.name)
    yield from types(view, owner)
    columns = (owner.spec("data.sources", view.source, "columns", field.name) for field in view.fields)
    yield from (column.below("description") for column in columns)
    yield owner.spec("features.entities", view.entity, "key")
    yield owner.spec("data.sources", view.source, "push")
    yield from owned(owner)


def types(view: View, owner: Owner) -> Paths:
    """Yield the paths of the types of a view's fields: the source's columns, unless the view declares them."""
    yield owner.spec("features.views", view.name, "fields")
    yield from (owner.spec("data.sources", view.source, "columns", field.name, "type") for field in view.fields)


def of_transform(transform: Transform, owner: Owner) -> Paths:
    yield owner.spec("features.transforms", transform.name)
    features = owner.blueprint.features
    read = {input_.view for input_ in transform.inputs}
    for view in features.views if features else ():
        if view.name in read:
            yield from types(view, owner)
    if None in read:
        yield from (
            owner.spec("features.sets", feature_set.name, "request")
            for feature_set in (features.sets if features else ())
        )
    yield from owned(owner)


def of_set(feature_set: FeatureSet, owner: Owner) -> Paths:
    yield owner.spec("features.sets", feature_set.name)
    features = owner.blueprint.features
    for transform in features.transforms if features else ():
        if transform.name in feature_set.transforms:
            yield from of_transform(transform, owner)
    for lookup in feature_set.lookups:
        yield from looked_up(lookup, owner)
    yield from owned(owner)


def looked_up(lookup: LookupView, owner: Owner) -> Paths:
    """Yield the paths of a view read from this system or another one: its types, key and ttl."""
    theirs = owner.neighbour(lookup.system)
    features = theirs.blueprint.features if theirs else None
    for view in features.views if features else ():
        if theirs and view.name == lookup.name:
            yield theirs.spec("features.views", view.name, "ttl")
            yield from types(view, theirs)
            yield from (theirs.spec("features.entities", view.entity, key) for key in ("key", "type"))


def produced(field: SetField, owner: Owner) -> Paths:
    """Yield the paths that decide the type of a set's field."""
    theirs = owner.neighbour(field.system)
    features = theirs.blueprint.features if theirs else None
    if theirs and field.computed:
        yield theirs.spec("features.transforms", field.producer, "fields")
    for view in features.views if features else ():
        if theirs and not field.computed and view.name == field.producer:
            yield from types(view, theirs)


def contract(feature_set: FeatureSet, owner: Owner) -> Paths:
    """Yield the paths of the contract of each built column, in the sources of this system or another one."""
    for field in feature_set.fields:
        theirs = owner.neighbour(field.system)
        features = theirs.blueprint.features if theirs else None
        for view in features.views if features else ():
            if theirs and view.name == field.producer and not field.computed:
                yield theirs.spec("data.sources", view.source, "columns", field.name)
