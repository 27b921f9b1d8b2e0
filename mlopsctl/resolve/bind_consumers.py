"""Bind sets, labels, the model and the endpoints, once every system's views are known."""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.diagnostics.codes import references as codes
from mlopsctl.resolve.bind_features import Findings
from mlopsctl.resolve.model import Endpoint, Feature, FeatureSet, Label, System, Training
from mlopsctl.source.node import Path
from mlopsctl.spec.references import FeatureRef


def bind_sets(system: System, systems: Mapping[str, System], findings: Findings) -> dict[str, FeatureSet]:
    """Bind each set's features in order; report and drop unknown references."""
    section = system.spec.features
    bound = {}
    for name, feature_set in (section.sets if section else {}).items():
        features = []
        for i, ref in enumerate(feature_set.fields):
            path: Path = ("spec", "features", "sets", name, "fields", i)
            feature = _feature(system, systems, ref, path, findings)
            if feature:
                features.append(feature)
        bound[name] = FeatureSet(name, feature_set, tuple(features), complete=len(features) == len(feature_set.fields))
    return bound


def _feature(
    system: System, systems: Mapping[str, System], ref: FeatureRef, path: Path, findings: Findings
) -> Feature | None:
    owner = systems.get(ref.system) if ref.system else system
    if owner is None and findings.may_exist(str(ref.system)):
        return None
    if owner is None:
        message = f"`{ref}` names system `{ref.system}`, which this workspace does not have"
        other_systems = [name for name in systems if name != system.name]
        findings.undefined(codes.UNDEFINED_SYSTEM, path, message, str(ref.system), other_systems)
        return None
    view = owner.views.get(ref.view)
    transform = None if ref.system else owner.transforms.get(ref.view)
    if view is None and transform is None:
        _report_producer(owner, ref, path, findings)
        return None
    fields: Mapping[str, str] = view.types if view else transform.spec.fields if transform else {}
    if ref.field not in fields:
        if not (view and (ref.field in view.spec.fields or view.may_mean(ref.field))):
            message = f"`{ref.view}` has no field `{ref.field}`"
            findings.undefined(codes.UNDEFINED_FIELD, path, message, ref.field, fields)
        return None
    return Feature(ref.field, fields[ref.field], view, transform, path)


def _report_producer(owner: System, ref: FeatureRef, path: Path, findings: Findings) -> None:
    """Report an unknown view or transform, unless it exists with an error of its own."""
    section = owner.spec.features
    declared = (*section.views, *section.transforms) if section else ()
    broken = owner.origin.unreadable("spec", "features", "views", ref.view) or owner.origin.unreadable(
        "spec", "features", "transforms", ref.view
    )
    if ref.view not in declared and not broken:
        owner_name = f"system `{owner.name}`" if ref.system else "this system"
        message = f"`{ref}` names `{ref.view}`, which is not a view or transform of {owner_name}"
        candidates = owner.views if ref.system else declared
        findings.undefined(codes.UNDEFINED_VIEW, path, message, ref.view, candidates)


def bind_labels(system: System, findings: Findings) -> dict[str, Label]:
    """Bind each label to its source's column."""
    if not system.spec.data:
        return {}
    bound = {}
    for name, label in system.spec.data.labels.items():
        source = system.spec.data.sources.get(label.source)
        path: Path = ("spec", "data", "labels", name)
        if source is None:
            if not system.origin.unreadable("spec", "data", "sources", label.source):
                message = f"label `{name}` reads `{label.source}`, which is not a source"
                findings.undefined(
                    codes.UNDEFINED_SOURCE, (*path, "source"), message, label.source, system.spec.data.sources
                )
        elif label.column not in source.columns:
            if not system.origin.unreadable("spec", "data", "sources", label.source, "columns", label.column):
                message = f"label `{name}` is column `{label.column}`, which source `{label.source}` does not have"
                findings.undefined(codes.UNDEFINED_COLUMN, (*path, "column"), message, label.column, source.columns)
        else:
            column = source.columns[label.column]
            bound[name] = Label(name, label, label.source, source, label.column, column.type, label.delay)
    return bound


def bind_training(
    system: System, sets: Mapping[str, FeatureSet], labels: Mapping[str, Label], findings: Findings
) -> Training | None:
    """Bind the model to its set and label."""
    model = system.spec.model
    if model is None:
        return None
    feature_set = _set(system, model.features, ("spec", "model", "features"), "the model is trained on", sets, findings)
    label = labels.get(model.label)
    declared = system.spec.data.labels if system.spec.data else {}
    if (
        label is None
        and model.label not in declared
        and not system.origin.unreadable("spec", "data", "labels", model.label)
    ):
        message = f"the model is trained on `{model.label}`, which is not a label"
        findings.undefined(codes.UNDEFINED_LABEL, ("spec", "model", "label"), message, model.label, declared)
    if feature_set is None or label is None:
        return None
    key = f"{model.registry.name}@{model.registry.alias}"
    return Training(model, feature_set, label, system.lock.models.get(key))


def bind_endpoints(system: System, sets: Mapping[str, FeatureSet], findings: Findings) -> dict[str, Endpoint]:
    """Bind each endpoint to its set and to its alias's version in the lock."""
    if not system.spec.serving:
        return {}
    bound = {}
    model = system.spec.model
    for name, endpoint in system.spec.serving.endpoints.items():
        path: Path = ("spec", "serving", "endpoints", name)
        feature_set = None
        if endpoint.features is not None:
            feature_set = _set(
                system, endpoint.features, (*path, "features"), f"endpoint `{name}` uses", sets, findings
            )
        moved = not system.origin.unreadable("spec", "model", "registry")
        if model and moved and endpoint.model != model.registry.alias:
            message = f"endpoint `{name}` serves `{endpoint.model}`, which is not an alias of this model"
            findings.undefined(codes.UNDEFINED_ALIAS, (*path, "model"), message, endpoint.model, [model.registry.alias])
        registered = model.registry.name if model else system.name
        locked = system.lock.models.get(f"{registered}@{endpoint.model}")
        bound[name] = Endpoint(name, endpoint, feature_set, registered, locked)
    return bound


def _set(
    system: System, name: str, path: Path, subject: str, sets: Mapping[str, FeatureSet], findings: Findings
) -> FeatureSet | None:
    if name not in sets and not system.origin.unreadable("spec", "features", "sets", name):
        message = f"{subject} `{name}`, which is not a feature set"
        findings.undefined(codes.UNDEFINED_SET, path, message, name, sets)
    return sets.get(name)
