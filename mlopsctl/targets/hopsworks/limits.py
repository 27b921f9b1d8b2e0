"""What Hopsworks cannot do.

In: a Blueprint, or what systems share. Out: findings that name the spec field. Its client takes most of this without a
word, changes a name, or joins nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mlopsctl.blueprint.model import Blueprint, Features, FeatureSet, Label, Model, Shared, Source, View
from mlopsctl.catalogue.engines import supports
from mlopsctl.catalogue.hopsworks import FILES, LONGEST_NAME, TABLES, rows_group
from mlopsctl.diagnostics.codes import engines as engine_codes
from mlopsctl.diagnostics.codes import hopsworks as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.emit.durations import duration_text
from mlopsctl.targets import feature_maps

_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Find what Hopsworks cannot do of a system."""
    features, model = blueprint.features, blueprint.model
    if features is None:
        return ()
    engine = blueprint.engines.features
    sources = {source.name: source for source in features.sources}
    rows = {model.label.rows.name: model.label.rows} if model else {}
    found: list[Diagnostic] = []
    for source in {**sources, **rows}.values():
        found += _source(source, engine.version, engine.settings["connectors"])
    for view in features.views:
        found += _view(view, sources[view.source])
    for one in features.sets:
        trained = model if model and model.features == one.name else None
        found += [*_set(one, trained), *_set_names(one, trained), *_twice(one, trained)]
    return (*found, *_names(_defined(features)), *_lookups(blueprint))


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Find what Hopsworks cannot do of the systems together."""
    found = tuple(_groups(shared))
    if found or not feature_maps.may_be_too_large(shared):
        return found
    from mlopsctl.targets.hopsworks.repository import repository

    return feature_maps.too_large(shared, dict(repository(shared)))


def _source(source: Source, version: str, connectors: Mapping[str, Any]) -> Iterator[Diagnostic]:
    path = f"spec.data.sources.{source.name}"
    can = supports("features", "hopsworks", version, f"sources.{source.type}")
    if not can:
        message = f"source `{source.name}` is of type {source.type}, and {can.why}"
        yield codes.SOURCE.at(None, message, help=f"use {can.instead}", path=f"{path}.type")
    elif source.type in TABLES and not connectors.get(source.type):
        message = f"source `{source.name}` is of type {source.type}, and the workspace names no connector for it"
        help = f"name a storage connector of the Hopsworks project in stack.features.connectors.{source.type}"
        yield codes.SOURCE.at(None, message, help=help, path=f"{path}.type")
    if source.push:
        message = f"source `{source.name}` takes rows that are pushed to the online store, and Hopsworks is pushed none"
        help = f"leave `push` out; {supports('features', 'hopsworks', version, 'push').why}"
        yield codes.SOURCE.at(None, message, help=help, path=f"{path}.push")
    if source.type in FILES:
        return
    if source.warehouse:
        message = f"the warehouse of source `{source.name}` is not told to Hopsworks: its connector has one"
        help = "set the warehouse in the connector, and leave it out here"
        yield codes.SOURCE.at(None, message, help=help, path=f"{path}.warehouse", severity=Severity.WARNING)
    if source.created_time:
        message = f"of two rows of `{source.name}` for one moment, Hopsworks does not take the one written later"
        help = "read a query that keeps the last row of each key and moment"
        yield codes.SOURCE.at(None, message, help=help, path=f"{path}.createdTime", severity=Severity.WARNING)


def _view(view: View, source: Source) -> Iterator[Diagnostic]:
    path = f"spec.features.views.{view.name}"
    if view.every is None and source.type in FILES:
        message = f"nothing inserts the rows of view `{view.name}`: it is not materialised"
        yield codes.UNFILLED.at(None, message, path=path)
    taken = {view.key: "the key of its entity", source.event_time: "the event time of its source"}
    if source.created_time:
        taken[source.created_time] = "the created time of its source"
    for field in view.fields:
        if field.name in taken:
            message = f"field `{field.name}` of view `{view.name}` is {taken[field.name]}"
            yield engine_codes.FEAST_FIELD.at(None, message, path=f"{path}.fields")


def _set(one: FeatureSet, model: Model | None) -> Iterator[Diagnostic]:
    """Find what of a set a feature view is not."""
    path = f"spec.features.sets.{one.name}"
    ages = sorted({lookup.ttl for lookup in one.lookups})
    if len(ages) > 1:
        message = (
            f"the views of set `{one.name}` have different ttls, and its feature view has one: "
            f"rows up to {duration_text(ages[-1])} old are joined of all of them"
        )
        yield codes.SET.at(None, message, help="give the views of the set one ttl, or use feast", path=path)
    if one.transforms:
        computed = ", ".join(f"`{name}`" for name in one.transforms)
        message = (
            f"the feature view of set `{one.name}` is without {computed}: the steps compute it, and Hopsworks cannot"
        )
        help = "ask the steps for training data, not the feature view; or make it a column of the source"
        yield codes.SET.at(None, message, help=help, path=path)
    keys = {lookup.key for lookup in one.lookups}
    if model is None and len(keys) > 1:
        message = f"set `{one.name}` joins by {' and '.join(sorted(keys))}, and no model has rows with all of them"
        help = "train a model on the set, or make one set an entity"
        yield codes.SET.at(None, message, help=help, path=path, severity=Severity.ERROR)


def _set_names(one: FeatureSet, model: Model | None) -> Iterator[Diagnostic]:
    """Find names of a set, and of the rows it is joined to, that Hopsworks would change."""
    yield from _names([(one.name, f"spec.features.sets.{one.name}")])
    if model is None:
        return
    yield from _names((field.name, f"spec.features.sets.{one.name}.request.{field.name}") for field in one.request)
    label = model.label
    if len(rows_group(one.name)) > LONGEST_NAME >= len(one.name):
        message = f"the group of its rows would be `{rows_group(one.name)}`, longer than {LONGEST_NAME} characters"
        yield codes.NAME.at(None, message, help="choose a shorter name", path=f"spec.features.sets.{one.name}")
    yield from _names(_of_rows(label))


def _of_rows(label: Label) -> Iterator[tuple[str, str]]:
    yield label.column, f"spec.data.labels.{label.name}.column"
    yield from _times(label.rows)


def _times(source: Source) -> Iterator[tuple[str, str]]:
    yield source.event_time, f"spec.data.sources.{source.name}.eventTime"
    if source.created_time:
        yield source.created_time, f"spec.data.sources.{source.name}.createdTime"


def _defined(features: Features) -> Iterator[tuple[str, str]]:
    """Yield each name that Hopsworks keeps, and where it stands in the spec."""
    for entity in features.entities:
        yield entity.key, f"spec.features.entities.{entity.name}.key"
    for source in features.sources:
        yield from _times(source)
    for view in features.views:
        yield view.name, f"spec.features.views.{view.name}"
        for field in view.fields:
            yield field.name, f"spec.features.views.{view.name}.fields"


def _names(named: Iterable[tuple[str, str]]) -> Iterator[Diagnostic]:
    for name, path in named:
        if not _NAME.fullmatch(name):
            message = f"Hopsworks keeps no name such as `{name}`"
            help = f"lower-case letters, digits and `_`, a letter first, at most {LONGEST_NAME}"
            yield codes.NAME.at(None, message, help=help, path=path)


def _twice(one: FeatureSet, model: Model | None) -> Iterator[Diagnostic]:
    """Find two columns of one name: a joined row knows them by nothing else."""
    seen = {field.name for field in one.request} | ({model.label.column} if model else set())
    for lookup in one.lookups:
        for field in lookup.fields:
            if field.name in seen:
                message = f"set `{one.name}` has two columns named `{field.name}`, and Hopsworks joins one of it"
                yield engine_codes.FEAST_TWO_FIELDS.at(None, message, path=f"spec.features.sets.{one.name}")
            seen.add(field.name)


def _lookups(blueprint: Blueprint) -> Iterator[Diagnostic]:
    for endpoint in blueprint.endpoints:
        if endpoint.features:
            can = supports("features", "hopsworks", blueprint.engines.features.version, "lookup")
            message = f"endpoint `{endpoint.spec_name}` looks `{endpoint.features}` up in Hopsworks, and {can.why}"
            path = f"spec.serving.endpoints.{endpoint.spec_name}.features"
            yield codes.LOOKUP.at(None, message, path=path)


def _groups(shared: Shared) -> Iterator[Diagnostic]:
    """Find a view that is named as the labelled rows of a set: both are feature groups."""
    rows = {
        rows_group(one.model.features): f"set `{one.model.features}` of `{one.identity.system}`"
        for one in shared.systems
        if one.model
    }
    for one in shared.systems:
        for view in one.features.views if one.features else ():
            if view.name in rows:
                message = f"view `{view.name}` is named as the labelled rows of {rows[view.name]}"
                path = f"{one.identity.system}:spec.features.views.{view.name}"
                yield codes.NAME.at(None, message, help="choose another name", path=path)
