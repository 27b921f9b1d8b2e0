"""Limits of Hopsworks.

Its client accepts most of these cases silently, changes names, or joins no rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.features import Features, FeatureSet, Source, View
from mlopsctl.blueprint.model.training import Label, Model
from mlopsctl.diagnostics.codes import engines as engine_codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.emit.durations import duration_text
from mlopsctl.engines.base import Limits
from mlopsctl.engines.hopsworks import codes
from mlopsctl.engines.hopsworks.names import FILES, LONGEST_NAME, TABLES, rows_group
from mlopsctl.engines.known import supports
from mlopsctl.engines.shared import feature_maps

_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Hopsworks that the system hits."""
    features, model = blueprint.features, blueprint.model
    if features is None:
        return ()
    engine = blueprint.engines.features
    sources = {source.name: source for source in features.sources}
    rows = {model.label.rows.name: model.label.rows} if model else {}
    diagnostics: list[Diagnostic] = []
    for source in {**sources, **rows}.values():
        diagnostics += _source(source, engine.version, engine.settings["connectors"] or {})
    for view in features.views:
        diagnostics += _view(view, sources[view.source])
    for feature_set in features.sets:
        trained = model if model and model.features == feature_set.name else None
        diagnostics += [
            *_set(feature_set, trained),
            *_set_names(feature_set, trained),
            *_repeated_columns(feature_set, trained),
        ]
    return (*diagnostics, *_names(_defined(features)), *_lookups(blueprint))


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Return the limits of Hopsworks that the systems hit together."""
    diagnostics = tuple(_groups(shared))
    if diagnostics or not feature_maps.may_be_too_large(shared):
        return diagnostics
    from mlopsctl.engines.hopsworks.repository import repository

    return feature_maps.too_large(shared, dict(repository(shared)))


def _source(source: Source, version: str, connectors: Mapping[str, Any]) -> Iterator[Diagnostic]:
    path = f"spec.data.sources.{source.name}"
    can = supports("features", "hopsworks", version, f"sources.{source.type}")
    if not can:
        message = f"source `{source.name}` is of type {source.type}: {can.why}"
        yield codes.SOURCE.at(None, message, help=f"use {can.instead}", path=f"{path}.type")
    elif source.type in TABLES and not connectors.get(source.type):
        message = f"source `{source.name}` is of type {source.type}, but the workspace has no connector for it"
        help = f"set a storage connector of the Hopsworks project in stack.features.connectors.{source.type}"
        yield codes.SOURCE.at(None, message, help=help, path=f"{path}.type")
    if source.push:
        message = f"source `{source.name}` accepts pushed rows, which Hopsworks does not support"
        help = f"remove `push`: {supports('features', 'hopsworks', version, 'push').why}"
        yield codes.SOURCE.at(None, message, help=help, path=f"{path}.push")
    if source.type in FILES:
        return
    if source.warehouse:
        message = f"the warehouse of source `{source.name}` is ignored: Hopsworks uses the one of its connector"
        help = "set the warehouse in the connector, and remove it here"
        yield codes.SOURCE.at(None, message, help=help, path=f"{path}.warehouse", severity=Severity.WARNING)
    if source.created_time:
        message = (
            f"the created time of source `{source.name}` is ignored: of two rows with the same key and event time, "
            "Hopsworks does not choose the one written last"
        )
        help = "use a query that returns only the last row per key and event time"
        yield codes.SOURCE.at(None, message, help=help, path=f"{path}.createdTime", severity=Severity.WARNING)


def _view(view: View, source: Source) -> Iterator[Diagnostic]:
    path = f"spec.features.views.{view.name}"
    if view.every is None and source.type in FILES:
        message = f"view `{view.name}` is not materialised: its feature group stays empty"
        yield codes.UNFILLED.at(None, message, path=path)
    reserved = {view.key: "the key of its entity", source.event_time: "the event time of its source"}
    if source.created_time:
        reserved[source.created_time] = "the created time of its source"
    for field in view.fields:
        if field.name in reserved:
            message = f"field `{field.name}` of view `{view.name}` is {reserved[field.name]}"
            yield engine_codes.FEAST_FIELD.at(None, message, path=f"{path}.fields")


def _set(feature_set: FeatureSet, model: Model | None) -> Iterator[Diagnostic]:
    """Report parts of a set that a feature view cannot express."""
    path = f"spec.features.sets.{feature_set.name}"
    ages = sorted({lookup.ttl for lookup in feature_set.lookups})
    if len(ages) > 1:
        message = (
            f"the views of set `{feature_set.name}` have different ttls, but its feature view has a single one: "
            f"rows up to {duration_text(ages[-1])} old are joined from all of them"
        )
        yield codes.SET.at(None, message, help="give the views of the set one ttl, or use feast", path=path)
    if feature_set.transforms:
        computed = ", ".join(f"`{name}`" for name in feature_set.transforms)
        message = f"the feature view of set `{feature_set.name}` does not contain {computed}: "
        message += "the steps compute it, Hopsworks cannot"
        help = "read training data from the steps instead of the feature view, or make it a column of the source"
        yield codes.SET.at(None, message, help=help, path=path)
    keys = {lookup.key for lookup in feature_set.lookups}
    if model is None and len(keys) > 1:
        message = (
            f"set `{feature_set.name}` joins by {' and '.join(sorted(keys))}, but no model has rows with all these keys"
        )
        help = "train a model on the set, or define one set per entity"
        yield codes.SET.at(None, message, help=help, path=path, severity=Severity.ERROR)


def _set_names(feature_set: FeatureSet, model: Model | None) -> Iterator[Diagnostic]:
    """Report names of a set and of its labelled rows that Hopsworks would change."""
    yield from _names([(feature_set.name, f"spec.features.sets.{feature_set.name}")])
    if model is None:
        return
    yield from _names(
        (field.name, f"spec.features.sets.{feature_set.name}.request.{field.name}") for field in feature_set.request
    )
    label = model.label
    if len(rows_group(feature_set.name)) > LONGEST_NAME >= len(feature_set.name):
        message = f"the group of its rows, `{rows_group(feature_set.name)}`, has more than {LONGEST_NAME} characters"
        yield codes.NAME.at(None, message, help="choose a shorter name", path=f"spec.features.sets.{feature_set.name}")
    yield from _names(_of_rows(label))


def _of_rows(label: Label) -> Iterator[tuple[str, str]]:
    yield label.column, f"spec.data.labels.{label.name}.column"
    yield from _times(label.rows)


def _times(source: Source) -> Iterator[tuple[str, str]]:
    yield source.event_time, f"spec.data.sources.{source.name}.eventTime"
    if source.created_time:
        yield source.created_time, f"spec.data.sources.{source.name}.createdTime"


def _defined(features: Features) -> Iterator[tuple[str, str]]:
    """Yield each name that Hopsworks stores, with its path in the spec."""
    for entity in features.entities:
        yield entity.key, f"spec.features.entities.{entity.name}.key"
    for source in features.sources:
        yield from _times(source)
    for view in features.views:
        yield view.name, f"spec.features.views.{view.name}"
        for field in view.fields:
            yield field.name, f"spec.features.views.{view.name}.fields"


def _names(names: Iterable[tuple[str, str]]) -> Iterator[Diagnostic]:
    for name, path in names:
        if not _NAME.fullmatch(name):
            message = f"`{name}` is not a valid name in Hopsworks"
            help = f"use lower-case letters, digits and `_`, starting with a letter, at most {LONGEST_NAME} characters"
            yield codes.NAME.at(None, message, help=help, path=path)


def _repeated_columns(feature_set: FeatureSet, model: Model | None) -> Iterator[Diagnostic]:
    """Report two columns of a set with the same name: a joined row identifies columns only by name."""
    joined_names = {field.name for field in feature_set.request} | ({model.label.column} if model else set())
    for lookup in feature_set.lookups:
        for field in lookup.fields:
            if field.name in joined_names:
                message = (
                    f"set `{feature_set.name}` has two columns named `{field.name}`; Hopsworks joins only one of them"
                )
                yield engine_codes.FEAST_TWO_FIELDS.at(None, message, path=f"spec.features.sets.{feature_set.name}")
            joined_names.add(field.name)


def _lookups(blueprint: Blueprint) -> Iterator[Diagnostic]:
    for endpoint in blueprint.endpoints:
        if endpoint.features:
            can = supports("features", "hopsworks", blueprint.engines.features.version, "lookup")
            message = f"endpoint `{endpoint.spec_name}` looks up `{endpoint.features}` in Hopsworks: {can.why}"
            path = f"spec.serving.endpoints.{endpoint.spec_name}.features"
            yield codes.LOOKUP.at(None, message, path=path)


def _groups(shared: Shared) -> Iterator[Diagnostic]:
    """Report a view with the name of a set's labelled rows: both are feature groups."""
    rows = {
        rows_group(system.model.features): f"set `{system.model.features}` of `{system.identity.system}`"
        for system in shared.systems
        if system.model
    }
    for system in shared.systems:
        for view in system.features.views if system.features else ():
            if view.name in rows:
                message = f"view `{view.name}` has the same name as the labelled rows of {rows[view.name]}"
                path = f"{system.identity.system}:spec.features.views.{view.name}"
                yield codes.NAME.at(None, message, help="choose another name", path=path)


LIMITS: Final = Limits(system=limits, shared=limits_shared)
