"""Requests: optional fields, fields passed to the model, and the answer for unknown entities."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mlopsctl.catalogue.tasks import MULTICLASS
from mlopsctl.diagnostics.codes import references
from mlopsctl.diagnostics.codes import training as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.model import FeatureSet, System
from mlopsctl.rules.finding import Path, at

TREES = ("xgboost", "lightgbm")
"""Flavors whose estimators accept numbers and booleans only."""
REQUEST_TYPES = ("bool", "int32", "int64", "float32", "float64")


def _path(feature_set: FeatureSet, *rest: str | int) -> Path:
    return ("spec", "features", "sets", feature_set.name, *rest)


def listed_fields(system: System) -> Iterator[Diagnostic]:
    """Require that `optional` and `transformOnly` name request fields and have an effect."""
    for feature_set in system.sets.values():
        request = feature_set.spec.request
        for key, names in (("transformOnly", feature_set.spec.transform_only), ("nullable", feature_set.spec.nullable)):
            for i, name in enumerate(names):
                if name not in request and not system.origin.unreadable(*_path(feature_set, "request")):
                    message = f"`{name}` is not a request field of set `{feature_set.name}`"
                    help = did_you_mean(name, request) or "name a field of `request`"
                    yield at(system, references.UNDEFINED_REQUEST_FIELD, _path(feature_set, key, i), message, help=help)
        yield from _unread(system, feature_set)
        yield from _never_missing(system, feature_set)


def _unread(system: System, feature_set: FeatureSet) -> Iterator[Diagnostic]:
    read = {i.name for transform in feature_set.transforms for i in transform.inputs if i.view is None}
    for i, name in enumerate(feature_set.spec.transform_only):
        if feature_set.complete and name in feature_set.spec.request and name not in read:
            unread = f"no transform of set `{feature_set.name}` reads request field `{name}`"
            message = f"{unread}, and the model does not get it"
            yield at(system, codes.REQUEST_UNUSED, _path(feature_set, "transformOnly", i), message)


def _never_missing(system: System, feature_set: FeatureSet) -> Iterator[Diagnostic]:
    training = system.training
    if training is None or training.features is not feature_set:
        return
    for i, name in enumerate(feature_set.spec.nullable):
        column = training.label.source.columns.get(name)
        if column and not column.nullable:
            source = ("spec", "data", "sources", training.label.source_name, "columns", name)
            message = f"request field `{name}` is optional, but never missing in the training rows"
            related = (system.origin.value(*source, "nullable", label="never missing in training"),)
            yield at(system, codes.REQUEST_NULLABLE, _path(feature_set, "nullable", i), message, related=related)


def texts_for_trees(system: System) -> Iterator[Diagnostic]:
    """Report string inputs of XGBoost and LightGBM models."""
    training = system.training
    if training is None or training.spec.flavor not in TREES:
        return
    feature_set = training.features
    related = (system.origin.value("spec", "model", "flavor", label="accepts numbers only"),)
    for feature in feature_set.features:
        if feature.type not in REQUEST_TYPES:
            message = f"input `{feature.name}` is {feature.type}, which {training.spec.flavor} does not accept"
            help = "encode it as a number in a transform"
            yield at(system, codes.TEXT_INPUT, feature.path, message, help=help, related=related)
    for name, kind in feature_set.model_request.items():
        if kind not in REQUEST_TYPES:
            message = f"request field `{name}` is {kind}, which {training.spec.flavor} does not accept"
            help = f"encode it as a number in a transform, and list it in `transformOnly: [{name}]`"
            yield at(system, codes.TEXT_INPUT, _path(feature_set, "request", name), message, help=help, related=related)


def default_answers(system: System) -> Iterator[Diagnostic]:
    """Require a default answer exactly with `unknownEntity: default`, of the model's output type."""
    for feature_set in system.sets.values():
        wants_default, answer = feature_set.spec.unknown_entity == "default", feature_set.spec.default_answer
        if wants_default and answer is None and not system.origin.unreadable(*_path(feature_set, "defaultAnswer")):
            message = f"set `{feature_set.name}` has `unknownEntity: default`, but no `defaultAnswer`"
            yield at(
                system, codes.DEFAULT_ANSWER, _path(feature_set, "unknownEntity"), message, help="add `defaultAnswer`"
            )
        elif answer is not None and not wants_default:
            message = f"the default answer of set `{feature_set.name}` is never used"
            help = "set `unknownEntity: default`, or remove `defaultAnswer`"
            yield at(system, codes.DEFAULT_ANSWER, _path(feature_set, "defaultAnswer"), message, help=help)
        elif answer is not None and system.training and system.training.features is feature_set:
            yield from _kind(system, feature_set, system.training.spec.task, system.training.label.type)


def _kind(system: System, feature_set: FeatureSet, task: str, label: str) -> Iterator[Diagnostic]:
    text = not isinstance(feature_set.spec.default_answer, Decimal)
    form = "a class, as a string" if task == MULTICLASS and label == "string" else "a number"
    if text != (form != "a number"):
        message = f"the default answer does not fit {task} with a label of type {label}"
        yield at(system, codes.DEFAULT_ANSWER, _path(feature_set, "defaultAnswer"), message, help=f"use {form}")


RULES = (listed_fields, texts_for_trees, default_answers)
