"""What Feast cannot do with one system.

In: a Blueprint. Out: findings that name the spec field. Feast itself takes most of this without a word and fails, or
answers wrongly, when features are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlopsctl.blueprint.model import Blueprint, Features, FeatureSet, Shared, Transform, View
from mlopsctl.catalogue.feature_stores import OFFLINE
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.targets import feature_maps
from mlopsctl.targets.feast import shared_limits


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Find what Feast cannot do of a system."""
    features = blueprint.features
    if features is None:
        return ()
    offline = blueprint.engines.features.settings["offline"]["type"]
    found = [*_unreadable(features, offline)]
    for view in features.views:
        found += _reserved(view, features)
    for transform in features.transforms:
        found += _twice_in_transform(transform)
    for one in features.sets:
        found += _twice_in_set(one)
    return tuple(found)


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Find what Feast cannot do of the systems together."""
    found = shared_limits.limits_shared(shared)
    if found or not feature_maps.may_be_too_large(shared):
        return found
    from mlopsctl.targets.feast.repository import repository

    return feature_maps.too_large(shared, dict(repository(shared)))


def _unreadable(features: Features, offline: str) -> Iterator[Diagnostic]:
    """Find sources that the offline store cannot query."""
    reads = OFFLINE[offline].reads
    for source in features.sources:
        path = f"spec.data.sources.{source.name}"
        if source.type not in reads:
            message = f"source `{source.name}` is of type {source.type}, which the {offline} offline store cannot read"
            help = f"it reads {' and '.join(reads)}; the workspace chooses the store in stack.features.offline"
            yield codes.FEAST_SOURCE.at(None, message, help=help, path=f"{path}.type")
        elif source.type == "csv" and "*" in (source.path or ""):
            message = (
                f"source `{source.name}` names many CSV files, and Feast reads none: a Parquet copy is kept of one"
            )
            help = "name one CSV file, or give Parquet files"
            yield codes.FEAST_SOURCE.at(None, message, help=help, path=f"{path}.path", severity=Severity.ERROR)


def _reserved(view: View, features: Features) -> Iterator[Diagnostic]:
    """Find fields that are the key or a time: Feast has those columns already."""
    source = next(source for source in features.sources if source.name == view.source)
    taken = {
        view.key: "the key of its entity",
        source.event_time: "the event time of its source",
        source.created_time: "the created time of its source",
    }
    for field in view.fields:
        if field.name in taken:
            message = f"field `{field.name}` of view `{view.name}` is {taken[field.name]}"
            yield codes.FEAST_FIELD.at(None, message, path=f"spec.features.views.{view.name}.fields")


def _repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            yield i, name
        seen.add(name)


def _twice_in_transform(transform: Transform) -> Iterator[Diagnostic]:
    for i, name in _repeated(each.name for each in transform.inputs):
        message = (
            f"transform `{transform.name}` reads two fields named `{name}`, and its function is given one column of it"
        )
        path = f"spec.features.transforms.{transform.name}.inputs.{i}"
        yield codes.FEAST_TWO_FIELDS.at(None, message, path=path)


def _twice_in_set(one: FeatureSet) -> Iterator[Diagnostic]:
    for i, name in _repeated(field.name for field in one.fields):
        message = f"set `{one.name}` has two fields named `{name}`, and Feast joins one column of it"
        yield codes.FEAST_TWO_FIELDS.at(None, message, path=f"spec.features.sets.{one.name}.fields.{i}")
