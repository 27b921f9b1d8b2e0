"""Pipelines: the graphs of steps, when they start, and what starts them once.

In: the decided parts. Out: pipelines, and findings for intervals that no schedule can keep.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from mlopsctl.blueprint import clock, names, steps
from mlopsctl.blueprint.model import (
    Endpoint,
    Model,
    Parameter,
    Pipeline,
    Run,
    Schedule,
    Source,
    Step,
    StepParameter,
    View,
)
from mlopsctl.blueprint.training import image
from mlopsctl.catalogue.engines import supports
from mlopsctl.catalogue.flavors import served_by
from mlopsctl.diagnostics.codes import freshness as codes
from mlopsctl.diagnostics.codes import serving as serving_codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.model import stack_spec

HASH_LENGTH = 10
_TALK = frozenset({"description", "tags", "served"})


def pipelines(parts: steps.Parts, endpoints: tuple[Endpoint, ...]) -> tuple[tuple[Pipeline, ...], list[Diagnostic]]:
    """Decide the system's pipelines: materialize, train, monitor, and a rollout for each candidate."""
    found: list[Diagnostic] = []
    if not image(parts.system):
        return (), _without_image(parts)
    made = []
    if parts.features and any(view.every for view in parts.features.views):
        made.append(_materialize(parts, found))
    if parts.model:
        made.append(_train(parts))
    if parts.model and parts.checks and parts.checks.live:
        made.append(_monitor(parts, found))
    if _shifts(parts):
        made += [_rollout(parts, one) for one in endpoints if one.candidate and one.rollout.strategy == "canary"]
    return tuple(made), found


def _shifts(parts: steps.Parts) -> bool:
    """Tell whether a run can change the shares of traffic of the serving engine."""
    serving = parts.system.engines.serving
    return bool(supports("serving", serving.engine, serving.version, "canary.shift"))


def _pipeline(
    parts: steps.Parts,
    purpose: Any,
    description: str,
    made: tuple[Step, ...],
    *,
    name: str = "",
    parameters: tuple[Parameter, ...] = (),
    schedules: tuple[Schedule, ...] = (),
    on_change: Run | None = None,
    hash: str = "",
) -> Pipeline:
    name = name or names.join(parts.system.name, purpose)
    return Pipeline(
        name=name,
        purpose=purpose,
        description=description,
        image=image(parts.system),
        parameters=parameters,
        steps=made,
        schedules=schedules,
        on_change=on_change,
        mutex=name,
        deadline=sum(one.timeout for one in made),
        hash=hash or fingerprint((image(parts.system), made, parameters)),
    )


def _materialize(parts: steps.Parts, found: list[Diagnostic]) -> Pipeline:
    assert parts.features  # noqa: S101 - the caller looked
    name = names.join(parts.system.name, "materialize")
    intervals: dict[int, list[View]] = {}
    for view in parts.features.views:
        if view.every:
            intervals.setdefault(view.every, []).append(view)
    schedules = []
    for every, views in sorted(intervals.items()):
        cron = clock.interval_cron(every)
        if cron is None:
            found += [_uneven(f"spec.features.views.{view.name}.materialize.every", every) for view in views]
            continue
        own = name if len(intervals) == 1 else f"{name}-{clock.text(every)}"
        listed = ",".join(view.name for view in views)
        schedules.append(Schedule(own, cron, clock.UTC, (("views", listed),), every))
    return _pipeline(
        parts,
        "materialize",
        "bring the newest features to the online store",
        (steps.materialize(parts, (StepParameter("mode", pipeline="mode"), StepParameter("views", pipeline="views"))),),
        parameters=(
            Parameter("mode", "incremental", "incremental: since the last time; full: the last ttl of every view"),
            Parameter("views", "", "views to materialise, separated by commas; empty: all"),
        ),
        schedules=tuple(schedules),
    )


def _without_image(parts: steps.Parts) -> list[Diagnostic]:
    """Report views that nothing can materialise."""
    views = [view.name for view in parts.features.views if view.every] if parts.features else []
    message = f"nothing materialises `{', '.join(views)}`: the system has no model, and so no image to run steps in"
    return (
        [serving_codes.NO_IMAGE.at(None, message, path=f"spec.features.views.{views[0]}.materialize")] if views else []
    )


def _uneven(path: str, every: int) -> Diagnostic:
    message = f"no schedule fires evenly every {clock.text(every)}"
    return codes.UNEVEN_INTERVAL.at(None, message, path=path)


def _train(parts: steps.Parts) -> Pipeline:
    assert parts.model and parts.system.spec.model  # noqa: S101 - the caller looked
    retrain = parts.system.spec.model.retrain
    name = names.join(parts.system.name, "train")
    hash = fingerprint(_training_inputs(parts))
    schedules: tuple[Schedule, ...] = ()
    if retrain.schedule:
        period = clock.longest_gap(retrain.schedule.cron)
        schedules = (Schedule(name, retrain.schedule.cron, retrain.schedule.timezone, (), period),)
    return _pipeline(
        parts,
        "train",
        "train, check and register the model",
        steps.training(parts),
        name=name,
        parameters=(
            Parameter(
                "params",
                json.dumps(to_builtins(dict(parts.model.params)), sort_keys=True),
                "parameters of the training code, as JSON",
            ),
            Parameter("spec-hash", hash, "hash of data, features, model and checks"),
            Parameter("git-commit", "", "commit that the run belongs to"),
        ),
        schedules=schedules,
        on_change=_on_change(parts, name, hash) if retrain.on_change else None,
        hash=hash,
    )


def _monitor(parts: steps.Parts, found: list[Diagnostic]) -> Pipeline:
    assert parts.checks and parts.checks.live  # noqa: S101 - the caller looked
    every = parts.checks.live.every
    cron = clock.interval_cron(every)
    name = names.join(parts.system.name, "monitor")
    if cron is None:
        found.append(_uneven("spec.checks.live.every", every))
    schedules = (Schedule(name, cron, clock.UTC, (), every),) if cron else ()
    return _pipeline(parts, "monitor", "watch the served model", steps.monitoring(parts), schedules=schedules)


def _rollout(parts: steps.Parts, endpoint: Endpoint) -> Pipeline:
    assert endpoint.candidate  # noqa: S101 - the caller looked
    name = names.join(endpoint.name, "rollout")
    hash = fingerprint((endpoint.stable, endpoint.candidate, endpoint.rollout))
    return _pipeline(
        parts,
        "rollout",
        f"bring version {endpoint.candidate.version.version} in, step by step",
        steps.rollout(parts, endpoint),
        name=name,
        on_change=_on_change(parts, name, hash),
        hash=hash,
    )


def _on_change(parts: steps.Parts, name: str, hash: str) -> Run | None:
    """Return the run of one content, where the pipeline engine can start one because Git changed."""
    engine = parts.system.engines.pipelines
    return Run(f"{name}-{hash}", hash) if supports("pipelines", engine.engine, engine.version, "on-change") else None


def _training_inputs(parts: steps.Parts) -> tuple[Any, ...]:
    """Gather what a training run depends on: what it reads, how, and what it must hold; not how it is watched."""
    assert parts.model and parts.features and parts.checks  # noqa: S101 - the caller looked
    one = next(s for s in parts.features.sets if s.name == parts.model.features)
    own = {lookup.name for lookup in one.lookups if lookup.system == parts.system.name}
    views = [replace(view, every=None, online=True) for view in parts.features.views if view.name in own]
    sources = {view.source for view in views}
    rows = parts.model.label.rows
    return (
        replace(parts.model, label=replace(parts.model.label, rows=_read(rows))),
        one,
        views,
        [_read(source) for source in parts.features.sources if source.name in sources],
        [transform for transform in parts.features.transforms if transform.name in one.transforms],
        (parts.checks.stages, parts.checks.contract, parts.checks.gates),
        _package(parts, parts.model),
    )


def _read(source: Source) -> Source:
    """Leave of a source what decides which rows are read: when new ones come, and what a column holds, is checked."""
    return replace(source, cadence=None, push=False, columns=())


def _package(parts: steps.Parts, model: Model) -> tuple[str, str]:
    """Return what a registered package is made for: the kind of server that reads it, and where it finds features."""
    engines = parts.system.engines
    serving = engines.serving
    served = served_by(model.flavor, serving.engine, serving.version, looks_up=model.looks_up)
    server = engines.features.server if isinstance(engines.features, stack_spec.Feast) else None
    return (served.kind if served else "", server or "")


def fingerprint(value: Any) -> str:
    """Return a short hash of plain values: blind to the order of keys and to what is only said about them."""
    text = json.dumps(_silent(to_builtins(value)), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def _silent(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _silent(inner) for key, inner in value.items() if key not in _TALK}
    if isinstance(value, (list, tuple)):
        return [_silent(inner) for inner in value]
    return value


def by_purpose(made: Iterable[Pipeline], purpose: str) -> Pipeline | None:
    """Return the pipeline of a purpose."""
    return next((one for one in made if one.purpose == purpose), None)
