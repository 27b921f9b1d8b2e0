"""Views and sets: feature views, on-demand feature views of transforms, and feature services.

Registration does not run transforms: see `on_demand`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlopsctl.blueprint.model.features import FeatureSet, Field, Source, Transform, View
from mlopsctl.blueprint.model.platform import Identity
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.emit.python_tree import Assign, Call, Expression, Function, Gap, Import, Index, Name, Return, Statement
from mlopsctl.engines.feast import conventions
from mlopsctl.engines.feast.sources import described, variable
from mlopsctl.engines.shared.imports import Imports, duration

_INPUTS, _CODE = "inputs", "code"


def view(view: View, source: Source, identity: Identity, imports: Imports) -> Statement:
    """Return a feature view."""
    entity = imports.name(conventions.ENTITIES, conventions.entity_variable(view.entity))
    notes = {column.name: column.description for column in source.columns}
    expression = Call(
        imports.name("feast", "FeatureView"),
        keywords={
            "name": view.name,
            "entities": [entity],
            "ttl": duration(view.ttl, imports),
            "schema": _schema(view.fields, imports, notes),
            "source": variable(source),
            "online": view.online,
            **described(view.description),
            "tags": conventions.tags(identity, view.tags),
            "owner": identity.owner,
        },
    )
    return Assign(conventions.view_variable(view.name), expression)


def _schema(fields: Iterable[Field], imports: Imports, notes: Mapping[str, str] | None = None) -> list[Call]:
    descriptions = notes or {}
    return [
        Call(
            imports.name("feast", "Field"),
            keywords={
                "name": field.name,
                "dtype": _type(field.type, imports),
                **described(descriptions.get(field.name, "")),
            },
        )
        for field in fields
    ]


def _type(name: str, imports: Imports) -> Expression:
    column_type = COLUMN_TYPES[name]
    outer = imports.name("feast.types", column_type.feast)
    return Call(outer, (_type(column_type.item, imports),)) if column_type.is_array else outer


def _features_of(name: Expression, fields: Iterable[str]) -> Index:
    """Return some features of a view: `card_activity_view[["txn_count_1h"]]`."""
    return Index(name, list(fields))


def transform(transform: Transform, identity: Identity, imports: Imports) -> Iterator[Statement]:
    """Yield an on-demand feature view, preceded by its request source."""
    request = [Field(i.name, i.type) for i in transform.inputs if i.view is None]
    if request:
        yield Assign(
            conventions.request_name(transform.name),
            Call(
                imports.name("feast", "RequestSource"),
                keywords={
                    "name": conventions.request_name(transform.name),
                    "schema": _schema(request, imports),
                    "tags": conventions.tags(identity),
                    "owner": identity.owner,
                },
            ),
        )
    yield Function(
        conventions.view_variable(transform.name),
        parameters={_INPUTS: _frame(imports)},
        returns=_frame(imports),
        decorators=(imports.name(conventions.ON_DEMAND, "as_declared"), _decorator(transform, identity, imports)),
        body=_body(transform),
    )


def _frame(imports: Imports) -> Name:
    imports.module("pandas", "pd")
    return Name("pd.DataFrame")


def _decorator(transform: Transform, identity: Identity, imports: Imports) -> Call:
    return Call(
        imports.name("feast.on_demand_feature_view", "on_demand_feature_view"),
        keywords={
            "name": transform.name,
            "sources": _sources(transform),
            "schema": _schema(transform.fields, imports),
            "mode": "pandas",
            **described(transform.description),
            "tags": conventions.tags(identity),
            "owner": identity.owner,
        },
    )


def _sources(transform: Transform) -> list[Expression]:
    """Return the sources of a transform, in the order of its inputs: fields of views, and the request."""
    views: dict[str | None, list[str]] = {}
    for input_ in transform.inputs:
        views.setdefault(input_.view, []).append(input_.name)
    return [
        Name(conventions.request_name(transform.name))
        if view is None
        else _features_of(Name(conventions.view_variable(view)), fields)
        for view, fields in views.items()
    ]


def _body(transform: Transform) -> tuple[Statement, ...]:
    """Return the call of the user's function.

    Feast keeps the function's source text and runs that, far from this module: everything it uses must be inside it.
    """
    module, _, function = transform.function.partition(":")
    inputs = Index(Name(_INPUTS), [input_.name for input_ in transform.inputs])
    outputs = [field.name for field in transform.fields]
    result = Call(f"{_CODE}.{function}", (inputs,))
    return (Import(module, _CODE), Gap(), Return(Index(result, outputs)))


def service(feature_set: FeatureSet, identity: Identity, modules: Mapping[str, str], imports: Imports) -> Statement:
    """Return a feature service; definitions of another system are imported from its module."""
    producers: dict[tuple[str, str], list[str]] = {}
    for field in feature_set.fields:
        producers.setdefault((field.system, field.producer), []).append(field.name)
    features = [
        _features_of(_producer(system, name, identity, modules, imports), fields)
        for (system, name), fields in producers.items()
    ]
    expression = Call(
        imports.name("feast", "FeatureService"),
        keywords={
            "name": feature_set.name,
            "features": features,
            **described(feature_set.description),
            "tags": conventions.tags(identity),
            "owner": identity.owner,
        },
    )
    return Assign(conventions.set_variable(feature_set.name), expression)


def _producer(system: str, name: str, identity: Identity, modules: Mapping[str, str], imports: Imports) -> Name:
    own = conventions.view_variable(name)
    return Name(own) if system == identity.system else imports.name(modules[system], own)
