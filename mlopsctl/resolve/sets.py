"""Bind sets, labels, the model and the endpoints, once every system's views are known."""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.diagnostics.codes import references as codes
from mlopsctl.resolve.model import Endpoint, Feature, FeatureSet, Label, System, Training
from mlopsctl.resolve.views import Findings
from mlopsctl.source.node import Path
from mlopsctl.spec.scalars import FeatureRef


def bind_sets(system: System, systems: Mapping[str, System], findings: Findings) -> dict[str, FeatureSet]:
    """Bind each set's features, in order; one that names nothing is left out and reported."""
    section = system.spec.features
    bound = {}
    for name, one in (section.sets if section else {}).items():
        features = []
        for i, ref in enumerate(one.fields):
            path: Path = ("spec", "features", "sets", name, "fields", i)
            feature = _feature(system, systems, ref, path, findings)
            if feature:
                features.append(feature)
        bound[name] = FeatureSet(name, one, tuple(features), whole=len(features) == len(one.fields))
    return bound


def _feature(
    system: System, systems: Mapping[str, System], ref: FeatureRef, path: Path, findings: Findings
) -> Feature | None:
    owner = systems.get(ref.system) if ref.system else system
    if owner is None and findings.may_exist(str(ref.system)):
        return None
    if owner is None:
        message = f"`{ref}` asks system `{ref.system}`, which this workspace does not have"
        others = [name for name in systems if name != system.name]
        findings.undefined(codes.UNDEFINED_SYSTEM, path, message, str(ref.system), others)
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
    """Report a view or transform that does not exist, unless it does and is itself wrong."""
    section = owner.spec.features
    declared = (*section.views, *section.transforms) if section else ()
    broken = owner.origin.unreadable("spec", "features", "views", ref.view) or owner.origin.unreadable(
        "spec", "features", "transforms", ref.view
    )
    if ref.view not in declared and not broken:
        whose = f"system `{owner.name}`" if ref.system else "this system"
        message = f"`{ref}` names `{ref.view}`, which is no view or transform of {whose}"
        known = owner.views if ref.system else declared
        findings.undefined(codes.UNDEFINED_VIEW, path, message, ref.view, known)


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
                message = f"label `{name}` reads `{label.source}`, which is no source"
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
    one = _set(system, model.features, ("spec", "model", "features"), "the model is trained on", sets, findings)
    label = labels.get(model.label)
    declared = system.spec.data.labels if system.spec.data else {}
    if (
        label is None
        and model.label not in declared
        and not system.origin.unreadable("spec", "data", "labels", model.label)
    ):
        message = f"the model learns `{model.label}`, which is no label"
        findings.undefined(codes.UNDEFINED_LABEL, ("spec", "model", "label"), message, model.label, declared)
    if one is None or label is None:
        return None
    key = f"{model.registry.name}@{model.registry.alias}"
    return Training(model, one, label, system.lock.models.get(key))


def bind_endpoints(system: System, sets: Mapping[str, FeatureSet], findings: Findings) -> dict[str, Endpoint]:
    """Bind each endpoint to its set, and its alias to what the lock says."""
    if not system.spec.serving:
        return {}
    bound = {}
    model = system.spec.model
    for name, endpoint in system.spec.serving.endpoints.items():
        path: Path = ("spec", "serving", "endpoints", name)
        one = None
        if endpoint.features is not None:
            one = _set(
                system, endpoint.features, (*path, "features"), f"endpoint `{name}` is asked with", sets, findings
            )
        moved = not system.origin.unreadable("spec", "model", "registry")
        if model and moved and endpoint.model != model.registry.alias:
            message = f"endpoint `{name}` serves `{endpoint.model}`, an alias that this model does not move"
            findings.undefined(codes.UNDEFINED_ALIAS, (*path, "model"), message, endpoint.model, [model.registry.alias])
        registered = model.registry.name if model else system.name
        locked = system.lock.models.get(f"{registered}@{endpoint.model}")
        bound[name] = Endpoint(name, endpoint, one, registered, locked)
    return bound


def _set(
    system: System, name: str, path: Path, who: str, sets: Mapping[str, FeatureSet], findings: Findings
) -> FeatureSet | None:
    if name not in sets and not system.origin.unreadable("spec", "features", "sets", name):
        message = f"{who} `{name}`, which is no feature set"
        findings.undefined(codes.UNDEFINED_SET, path, message, name, sets)
    return sets.get(name)
