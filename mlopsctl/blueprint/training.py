"""The model, its checks and gates: what is trained, on which rows, and what must hold.

In: a resolved system. Out: the Blueprint's model and checks. Never a step or a schedule.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint import identity
from mlopsctl.blueprint.features import column, folder
from mlopsctl.blueprint.features import source as rows_of
from mlopsctl.blueprint.model import (
    Check,
    Checks,
    CheckStage,
    Column,
    DriftColumn,
    Field,
    Gate,
    Label,
    Live,
    Model,
    ModelVersion,
    QualityMonitor,
    Split,
)
from mlopsctl.catalogue import tasks
from mlopsctl.catalogue.engines import supports
from mlopsctl.catalogue.types import is_numeric
from mlopsctl.resolve import model as resolved


def image(system: resolved.System) -> str:
    """Return the steps' image, by digest where the spec or the lock has one."""
    return identity.pinned(system.image, system.lock) if system.image else ""


def model(system: resolved.System) -> Model | None:
    """Decide what is trained."""
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
        tracking_uri=system.engines.registry.uri if system.engines.registry.engine == "mlflow" else None,
        served=version(training.locked) if training.locked else None,
        tags=spec.tags,
    )


def _looks_up(system: resolved.System) -> bool:
    """Tell whether an endpoint has features looked up; where there is no endpoint, one could."""
    endpoints, store = system.endpoints.values(), system.engines.features
    if not supports("features", store.engine, store.version, "lookup"):
        return False
    return any(one.features for one in endpoints) if endpoints else True


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
    """Decide suites, gates and monitors; None where the spec has neither checks nor a contract to check."""
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
            Check(name, one.params, one.conditions, one.check or "") if one else Check(name, {}, {})
            for name, one in spec.checks.items()
        ),
    )


def _gate(system: resolved.System, metric: str, gate: Any) -> Gate:
    return Gate(metric, _higher_is_better(system, metric), gate.min, gate.max, gate.max_drop)


def _higher_is_better(system: resolved.System, metric: str) -> bool:
    known = tasks.metric(system.spec.model.task, metric) if system.spec.model else None
    return known.higher_is_better if known else True


def _contract(training: resolved.Training) -> tuple[Column, ...]:
    """Gather the contract of the built training set: the set's columns, its request's, and the label."""
    found: dict[str, Column] = {}
    for feature in training.features.features:
        if feature.view and feature.name in feature.view.source.columns:
            found[feature.name] = column(feature.name, feature.view.source.columns[feature.name])
    rows = training.label.source.columns
    for name in (*training.features.spec.request, training.label.column):
        if name in rows:
            found[name] = column(name, rows[name])
    return tuple(found.values())


def _live(system: resolved.System) -> Live:
    assert system.spec.checks and system.spec.checks.live  # noqa: S101 - the caller looked
    live = system.spec.checks.live
    return Live(live.every.seconds, live.window.seconds, _drift(system, live), _quality(system, live))


def _drift(system: resolved.System, live: Any) -> tuple[DriftColumn, ...]:
    """Watch every input of the model by the method of its type; types without a method are not watched."""
    if not live.drift or not system.training:
        return ()
    one = system.training.features
    inputs = [(f.name, f.type) for f in one.features] + list(one.spec.request.items())
    found = []
    for name, kind in inputs:
        method = live.drift.numerical if is_numeric(kind) else live.drift.categorical
        if method and kind in _WATCHED:
            found.append(DriftColumn(name, kind, method.method, method.max, f"drift-{name}"))
    return tuple(found)


_WATCHED = frozenset({"string", "bool", "int32", "int64", "float32", "float64"})


def _quality(system: resolved.System, live: Any) -> QualityMonitor | None:
    quality = live.quality
    if quality is None or system.training is None:
        return None
    delay = quality.delay if quality.delay is not None else system.training.label.delay
    bound = quality.min if quality.min is not None else quality.max
    return QualityMonitor(quality.metric, quality.min is not None, bound, delay.seconds)
