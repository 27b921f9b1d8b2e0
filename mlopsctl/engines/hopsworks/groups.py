"""Feature groups: one a view, and one for the labelled rows of each set that a model is trained on.

A group of files is filled by the steps; one of a table is read by Hopsworks itself, through a connector that must be
there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import Features, FeatureSet, Source, View
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.blueprint.model.platform import Identity
from mlopsctl.blueprint.model.training import Model
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.emit.python_tree import Assign, Attribute, Call, Expr, Expression, If, Operation, Statement
from mlopsctl.engines.hopsworks import conventions
from mlopsctl.engines.hopsworks.names import TABLES, VERSION, rows_group
from mlopsctl.engines.shared.imports import Imports, duration


class Group(NamedTuple):
    """A feature group before it is written; `columns` has every feature's type, `ttl_s` is of the online store.

    `of` are the pieces of the Blueprint that it is made from.
    """

    name: str
    keys: tuple[str, ...]
    source: Source
    columns: Mapping[str, str]
    online: bool
    ttl_s: int | None
    description: str
    tags: Mapping[str, str]
    pieces: tuple[Any, ...]


def of_view(view: View, features: Features) -> Group:
    """Return the group of a view: its key, its source's times, its fields."""
    source = next(source for source in features.sources if source.name == view.source)
    key_type = next(entity.type for entity in features.entities if entity.name == view.entity)
    columns = {view.key: key_type, **_times(source), **{field.name: field.type for field in view.fields}}
    tags = {**source.tags, **view.tags}
    about = (view, source)
    return Group(view.name, (view.key,), source, columns, view.online, view.ttl, view.description, tags, about)


def of_rows(feature_set: FeatureSet, model: Model) -> Group:
    """Return the group of the rows that a set's features are joined to: keys, time, request fields, label."""
    label = model.label
    keys = {key.name: key.type for key in feature_set.keys}
    columns = {**keys, **_times(label.rows), **{f.name: f.type for f in feature_set.request}, label.column: label.type}
    description = f"The rows that features of {feature_set.name} are joined to."
    tags, about = label.rows.tags, (feature_set, Part(model, "label"))
    return Group(rows_group(feature_set.name), tuple(keys), label.rows, columns, False, None, description, tags, about)


def _times(source: Source) -> dict[str, str]:
    return dict.fromkeys(filter(None, (source.event_time, source.created_time)), "timestamp")


def of_system(blueprint: Blueprint) -> Iterator[Group]:
    """Yield every group that a system defines."""
    features, model = blueprint.features, blueprint.model
    if features is None:
        return
    for view in features.views:
        yield of_view(view, features)
    for feature_set in features.sets:
        if model and model.features == feature_set.name:
            yield of_rows(feature_set, model)


def statements(group: Group, identity: Identity, settings: Mapping[str, Any], imports: Imports) -> Iterator[Statement]:
    """Yield what creates a group where it is not there yet."""
    variable = conventions.group_variable(group.name)
    common = _common(group, identity, imports)
    if group.source.type not in TABLES:
        managed = {**common, "time_travel_format": settings["timeTravel"]}
        yield Assign(variable, _of_store("get_or_create_feature_group", managed))
        yield If(Operation(Attribute(variable, "id"), "is", None), (_saved(variable),))
        return
    yield Assign(variable, _of_store("get_external_feature_group", {"name": group.name, "version": VERSION}))
    yield If(Operation(variable, "is", None), tuple(_external(group, common, settings["connectors"] or {})))


def _external(group: Group, common: Mapping[str, Expression], connectors: Mapping[str, str]) -> Iterator[Statement]:
    """Yield what creates the group of a table."""
    variable, origin = conventions.group_variable(group.name), conventions.source_variable(group.name)
    yield Assign(origin, _of_store("get_data_source", {"name": connectors.get(group.source.type)}))
    yield Assign(Attribute(origin, "query"), _query(group.source))
    # Statistics of an external group would read the whole table when it is created.
    external = {**common, "data_source": origin, "statistics_config": False}
    yield Assign(variable, _of_store("create_external_feature_group", external))
    yield _saved(variable)


def _saved(variable: Expression) -> Statement:
    return Expr(Call(Attribute(variable, "save")))


def _of_store(method: str, keywords: Mapping[str, Expression]) -> Call:
    return Call(Attribute(conventions.STORE, method), keywords=keywords)


def _common(group: Group, identity: Identity, imports: Imports) -> dict[str, Expression]:
    """Return the keywords of every group."""
    lifetime = {"ttl": duration(group.ttl_s, imports)} if group.online and group.ttl_s else {}
    notes = {column.name: column.description for column in group.source.columns}
    return {
        "name": group.name,
        "version": VERSION,
        "description": conventions.described(identity, group.description, group.tags),
        "primary_key": list(group.keys),
        "event_time": group.source.event_time,
        "online_enabled": group.online,
        **lifetime,
        "features": [_feature(name, kind, notes.get(name, ""), imports) for name, kind in group.columns.items()],
    }


def _feature(name: str, kind: str, description: str, imports: Imports) -> Call:
    described = {"description": description} if description else {}
    keywords = {"name": name, "type": COLUMN_TYPES[kind].hopsworks, **described}
    return Call(imports.name("hsfs.feature", "Feature"), keywords=keywords)


def _query(source: Source) -> str:
    """Return the query of a source; a table is a dotted name, which the language checked."""
    return source.query if source.query is not None else f"SELECT * FROM {source.table}"  # noqa: S608
