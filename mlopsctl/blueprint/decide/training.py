"""Decide the model, its data split, checks and gates."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.decide import identity
from mlopsctl.blueprint.decide.features import column, folder
from mlopsctl.blueprint.decide.features import source as rows_of
from mlopsctl.blueprint.model.checks import Check, Checks, CheckStage, DriftColumn, Gate, Live, QualityMonitor
from mlopsctl.blueprint.model.features import Column, Field
from mlopsctl.blueprint.model.training import Label, Model, ModelVersion, Split
from mlopsctl.catalogue import tasks
from mlopsctl.catalogue.types import is_numeric
from mlopsctl.engines.known import supports
from mlopsctl.resolve import model as resolved


def image(system: resolved.System) -> str:
    """Return the steps' image, by digest where the spec or the lock has one."""
    return identity.pinned(system.image, system.lock) if system.image else ""


def model(system: resolved.System) -> Model | None:
    """Decide the model."""
    training = system.training
    if training is None:
        return None
    spec = training.spec
    return Model(
        task=spec.task,
        flavor=spec.flavor,
        features=training.features.name,
        label=_label(system, training.label),
        image=image(system),
        entrypoint=spec.code.entrypoint,
        command=spec.code.command or (),
        params=spec.params,
        seed=spec.seed,
        split=_split(spec, training.label),
        looks_up=_looks_up(system),
        registered_name=spec.registry.name,
        experiment=spec.registry.experiment,
        alias=spec.registry.alias,
        tracking_uri=system.engines.registry.tracking_uri(),
        served=version(training.locked) if training.locked else None,
        tags=spec.tags,
        requirements=spec.code.requirements,
    )


def _looks_up(system: resolved.System) -> bool:
    """Return whether an endpoint looks up features; true if there is no endpoint yet."""
    endpoints, store = system.endpoints.values(), system.engines.features
    if not supports("features", store.engine, store.version, "lookup"):
        return False
    return any(endpoint.features for endpoint in endpoints) if endpoints else True


def version(locked: Any) -> ModelVersion:
    """Decide a locked version."""
    signature = locked.signature
    inputs = signature.inputs.items() if signature else ()
    outputs = signature.outputs.items() if signature else ()
    return ModelVersion(
        version=locked.version,
        uri=locked.uri,
        run=locked.run,
        inputs=tuple(Field(name, kind) for name, kind in inputs),
        outputs=tuple(Field(name, kind) for name, kind in outputs),
        snapshot=locked.snapshot,
        package=locked.package,
    )


def _label(system: resolved.System, label: resolved.Label) -> Label:
    return Label(
        label.name,
        label.source_name,
        label.column,
        label.type,
        label.source.event_time,
        label.delay.seconds,
        rows_of(label.source_name, label.source, folder(system)),
    )


def _split(spec: Any, label: resolved.Label) -> Split:
    split = spec.split
    if split.by == "random":
        return Split("random", None, None, split.holdout, spec.seed)
    lag = split.lag if split.lag is not None else label.delay
    return Split("time", split.holdout.seconds, lag.seconds, None, spec.seed)


def checks(system: resolved.System) -> Checks | None:
    """Decide suites, gates and monitors; None if the spec has neither checks nor contracts."""
    spec, training = system.spec.checks, system.training
    if spec is None and training is None:
        return None
    stages = tuple(
        _stage(stage, getattr(spec, stage)) for stage in ("data", "split", "model") if spec and getattr(spec, stage)
    )
    gates = tuple(_gate(system, metric, gate) for metric, gate in spec.gates.items()) if spec else ()
    live = _live(system) if spec and spec.live else None
    return Checks(stages, _contract(training) if training else (), gates, live)


def _stage(stage: str, spec: Any) -> CheckStage:
    return CheckStage(
        stage,
        spec.suite,
        tuple(
            Check(name, check.params, check.conditions, check.check or "") if check else Check(name, {}, {})
            for name, check in spec.checks.items()
        ),
    )


def _gate(system: resolved.System, metric: str, gate: Any) -> Gate:
    return Gate(metric, _higher_is_better(system, metric), gate.min, gate.max, gate.max_drop)


def _higher_is_better(system: resolved.System, metric: str) -> bool:
    task_metric = tasks.metric(system.spec.model.task, metric) if system.spec.model else None
    return task_metric.higher_is_better if task_metric else True


def _contract(training: resolved.Training) -> tuple[Column, ...]:
    """Return the contract of the built training set: columns of the set, of the request, and the label."""
    columns: dict[str, Column] = {}
    for feature in training.features.features:
        if feature.view and feature.name in feature.view.source.columns:
            columns[feature.name] = column(feature.name, feature.view.source.columns[feature.name])
    rows = training.label.source.columns
    for name in (*training.features.spec.request, training.label.column):
        if name in rows:
            columns[name] = column(name, rows[name])
    return tuple(columns.values())


def _live(system: resolved.System) -> Live:
    assert system.spec.checks and system.spec.checks.live  # noqa: S101 - the caller looked
    live = system.spec.checks.live
    return Live(live.every.seconds, live.window.seconds, _drift(system, live), _quality(system, live))


def _drift(system: resolved.System, live: Any) -> tuple[DriftColumn, ...]:
    """Watch every input of the model with the method for its type; types without a method are not watched."""
    if not live.drift or not system.training:
        return ()
    feature_set = system.training.features
    inputs = [(f.name, f.type) for f in feature_set.features] + list(feature_set.model_request.items())
    drift_columns = []
    for name, kind in inputs:
        method = live.drift.numerical if is_numeric(kind) else live.drift.categorical
        if method and kind in _WATCHED:
            drift_columns.append(DriftColumn(name, kind, method.method, method.max, f"drift-{name}", f"missing-{name}"))
    return tuple(drift_columns)


_WATCHED = frozenset({"string", "bool", "int32", "int64", "float32", "float64"})


def _quality(system: resolved.System, live: Any) -> QualityMonitor | None:
    quality = live.quality
    if quality is None or system.training is None:
        return None
    delay = quality.delay if quality.delay is not None else system.training.label.delay
    bound = quality.min if quality.min is not None else quality.max
    return QualityMonitor(quality.metric, quality.min is not None, bound, delay.seconds)
