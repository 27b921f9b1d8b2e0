"""Limits of Feast for one system.

Feast itself accepts most of these cases silently, and then fails or returns wrong values at lookup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.features import Features, FeatureSet, Transform, View
from mlopsctl.diagnostics.codes import engines as engine_codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.engines.base import Limits
from mlopsctl.engines.feast import codes, shared_limits
from mlopsctl.engines.feast.stores import OFFLINE
from mlopsctl.engines.shared import feature_maps


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Feast that the system hits."""
    features = blueprint.features
    if features is None:
        return ()
    offline = blueprint.engines.features.settings["offline"]["type"]
    diagnostics = [*_unreadable(features, offline)]
    for view in features.views:
        diagnostics += _reserved(view, features)
    for transform in features.transforms:
        diagnostics += _twice_in_transform(transform)
    for feature_set in features.sets:
        diagnostics += _twice_in_set(feature_set)
    return tuple(diagnostics)


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Return the limits of Feast that the systems hit together."""
    diagnostics = shared_limits.limits_shared(shared)
    if diagnostics or not feature_maps.may_be_too_large(shared):
        return diagnostics
    from mlopsctl.engines.feast.repository import repository

    return feature_maps.too_large(shared, dict(repository(shared)))


def _unreadable(features: Features, offline: str) -> Iterator[Diagnostic]:
    """Report sources that the offline store cannot query."""
    reads = OFFLINE[offline].reads
    for source in features.sources:
        path = f"spec.data.sources.{source.name}"
        if source.type not in reads:
            message = f"source `{source.name}` is of type {source.type}, which the {offline} offline store cannot read"
            help = f"it reads {' and '.join(reads)}; stack.features.offline of the workspace sets the store"
            yield codes.FEAST_SOURCE.at(None, message, help=help, path=f"{path}.type")
        elif source.type == "csv" and "*" in (source.path or ""):
            message = (
                f"source `{source.name}` has a pattern of CSV files: Feast reads no CSV, and only a single file is "
                "copied to Parquet"
            )
            help = "use one CSV file, or Parquet files"
            yield codes.FEAST_SOURCE.at(None, message, help=help, path=f"{path}.path", severity=Severity.ERROR)


def _reserved(view: View, features: Features) -> Iterator[Diagnostic]:
    """Report fields that are the key or a time column: Feast adds those columns itself."""
    source = next(source for source in features.sources if source.name == view.source)
    reserved = {
        view.key: "the key of its entity",
        source.event_time: "the event time of its source",
        source.created_time: "the created time of its source",
    }
    for field in view.fields:
        if field.name in reserved:
            message = f"field `{field.name}` of view `{view.name}` is {reserved[field.name]}"
            yield engine_codes.FEAST_FIELD.at(None, message, path=f"spec.features.views.{view.name}.fields")


def _repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    earlier: set[str] = set()
    for i, name in enumerate(names):
        if name in earlier:
            yield i, name
        earlier.add(name)


def _twice_in_transform(transform: Transform) -> Iterator[Diagnostic]:
    for i, name in _repeated(input_.name for input_ in transform.inputs):
        message = (
            f"transform `{transform.name}` reads two fields named `{name}`, but its function gets only one of them"
        )
        path = f"spec.features.transforms.{transform.name}.inputs.{i}"
        yield engine_codes.FEAST_TWO_FIELDS.at(None, message, path=path)


def _twice_in_set(feature_set: FeatureSet) -> Iterator[Diagnostic]:
    for i, name in _repeated(field.name for field in feature_set.fields):
        message = f"set `{feature_set.name}` has two fields named `{name}`, but Feast joins only one of them"
        yield engine_codes.FEAST_TWO_FIELDS.at(None, message, path=f"spec.features.sets.{feature_set.name}.fields.{i}")


LIMITS: Final = Limits(system=limits, shared=limits_shared)
