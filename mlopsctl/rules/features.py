"""Features: field types, join keys, request fields, and label leakage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.diagnostics.codes import serving
from mlopsctl.diagnostics.codes import training as codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.model import Feature, System, Training, View
from mlopsctl.rules.finding import Path, at


def field_types(system: System) -> Iterator[Diagnostic]:
    """Require that a field's declared type equals its column's type."""
    for view in system.views.values():
        for name, kind in view.spec.fields.items():
            column = view.source.columns.get(name)
            if kind and column and kind != column.type:
                columns = ("spec", "data", "sources", view.source_name, "columns", name, "type")
                yield at(
                    system,
                    codes.TYPE_MISMATCH,
                    ("spec", "features", "views", view.name, "fields", name),
                    f"field `{name}` of view `{view.name}` is declared {kind}, but its column is {column.type}",
                    label="declared here",
                    related=(system.origin.value(*columns, label="the column's type"),),
                )


def view_keys(system: System) -> Iterator[Diagnostic]:
    """Require that a view's source has the entity's key, with the entity's type."""
    for view in system.views.values():
        column = view.source.columns.get(view.entity.key)
        path: Path = ("spec", "features", "views", view.name, "source")
        label = f"source of view `{view.name}`"
        key = f"`{view.entity.key}`, the key of entity `{view.entity.name}`"
        listed: Path = ("spec", "data", "sources", view.source_name, "columns", view.entity.key)
        if system.origin.unreadable(*listed):
            continue
        if column is None:
            message = f"source `{view.source_name}` does not list {key}"
            yield at(system, codes.KEY_MISSING, path, message, label=label, related=_columns(system, view))
        elif column.type != view.entity.type:
            message = f"source `{view.source_name}` has {key}, with type {column.type} instead of {view.entity.type}"
            related = (
                system.origin.value(*listed, "type", label="the column's type"),
                system.origin.value("spec", "features", "entities", view.entity.name, "type", label="the key's type"),
            )
            help = "use the same type for the column and the entity"
            yield at(system, codes.KEY_MISSING, path, message, label=label, help=help, related=related)


def _columns(system: System, view: View) -> tuple[Place, ...]:
    path = ("spec", "data", "sources", view.source_name, "columns")
    return (system.origin.key(*path, label="its columns"),)


def join_keys(system: System) -> Iterator[Diagnostic]:
    """Require that the label source has the join keys of every view in the training set."""
    training = system.training
    if training is None:
        return
    for view in training.features.views:
        if view.entity.key not in training.label.source.columns:
            path: Path = ("spec", "data", "sources", training.label.source_name, "columns")
            if system.origin.unreadable(*path, view.entity.key) or view.entity.key not in view.source.columns:
                continue  # reported by another rule
            yield at(
                system,
                codes.JOIN_KEY_UNLISTED,
                path,
                f"label source `{training.label.source_name}` does not list `{view.entity.key}`, "
                f"the join key of view `{view.name}`",
                key=True,
                related=_uses(system, training, view),
            )


def _uses(system: System, training: Training, view: View) -> tuple[Place, ...]:
    return tuple(
        system.origin.value(*f.path, label="joined on that key") for f in training.features.features if f.view is view
    )[:1]


def request_fields(system: System) -> Iterator[Diagnostic]:
    """Require that a request field has a column of the label source with its name and type, and hides no feature."""
    training = system.training
    for feature_set in system.sets.values():
        names = {feature.name: feature for feature in feature_set.features}
        for name, kind in feature_set.spec.request.items():
            path: Path = ("spec", "features", "sets", feature_set.name, "request", name)
            if name in names:
                yield at(
                    system,
                    serving.REQUEST_SHADOWS,
                    path,
                    f"request field `{name}` has the name of a feature of the same set",
                    key=True,
                    related=(system.origin.value(*names[name].path, label="the feature"),),
                )
            elif training and training.features is feature_set:
                yield from _in_training(system, training, path, name, kind)


def _in_training(system: System, training: Training, path: Path, name: str, kind: str) -> Iterator[Diagnostic]:
    column = training.label.source.columns.get(name)
    source = training.label.source_name
    if system.origin.unreadable("spec", "data", "sources", source, "columns", name):
        return
    if column is None:
        message = f"request field `{name}` has no column of that name in the label source `{source}`"
        related = (system.origin.key("spec", "data", "sources", source, "columns", label="its columns"),)
        yield at(system, codes.REQUEST_UNLISTED, path, message, key=True, related=related)
    elif column.type != kind:
        message = f"request field `{name}` is {kind}, but {column.type} in training"
        columns = ("spec", "data", "sources", source, "columns", name, "type")
        related = (system.origin.value(*columns, label="the training column"),)
        yield at(system, codes.REQUEST_UNLISTED, path, message, related=related)


def label_leaks(system: System) -> Iterator[Diagnostic]:
    """Report label leakage: the label as a feature, features computed from it, or features known only after it."""
    training = system.training
    if training is None:
        return
    feature_set = training.features
    label = _label(system, training)
    if training.label.column in feature_set.spec.request:
        path: Path = ("spec", "features", "sets", feature_set.name, "request", training.label.column)
        message = f"the label `{training.label.column}` is a request field"
        yield at(system, codes.LABEL_AS_FEATURE, path, message, key=True, related=(label,))
    for feature in feature_set.features:
        yield from _leak(system, training, feature, label)


def _label(system: System, training: Training) -> Place:
    return system.origin.value("spec", "data", "labels", training.label.name, "column", label="the label")


def _leak(system: System, training: Training, feature: Feature, label: Place) -> Iterator[Diagnostic]:
    column = training.label.column
    if feature.transform:
        in_request = column in training.features.spec.request  # reported by another rule
        read = [
            i
            for i in feature.transform.inputs
            if i.name == column and _of_label(training, i.view) and not (i.view is None and in_request)
        ]
        if read:
            message = f"feature `{feature.name}` is computed from the label `{column}`"
            yield at(system, codes.LABEL_AS_FEATURE, feature.path, message, related=(label,))
    elif feature.view and _of_label(training, feature.view):
        if feature.name == column:
            message = f"feature `{feature.name}` is the label"
            yield at(system, codes.LABEL_AS_FEATURE, feature.path, message, related=(label,))
        else:
            message = (
                f"view `{feature.view.name}` reads the label's own rows, which are updated until the label is known"
            )
            yield at(system, codes.FUTURE_FEATURE, feature.path, message, related=(label,))


def _of_label(training: Training, view: View | None) -> bool:
    """Return whether a view (None: the request) reads the rows that carry the label."""
    return view is None or _place(view.source) == _place(training.label.source)


def _place(source: Any) -> tuple[Any, ...]:
    return tuple(getattr(source, part, None) for part in ("type", "path", "table", "query"))


def label_type(system: System) -> Iterator[Diagnostic]:
    """Require a label column whose type fits the task."""
    training = system.training
    if training is None:
        return
    task, kind = training.spec.task, training.label.type
    numbers = ("int32", "int64", "float32", "float64")
    wrong = (task == "regression" and kind not in numbers) or (
        task != "regression" and kind not in ("bool", "int32", "int64", "string")
    )
    if wrong:
        message = f"label `{training.label.column}` is {kind}, which does not fit {task}"
        yield at(system, codes.LABEL_TYPE, ("spec", "model", "task"), message, related=(_label(system, training),))


RULES = (field_types, view_keys, join_keys, request_fields, label_leaks, label_type)
