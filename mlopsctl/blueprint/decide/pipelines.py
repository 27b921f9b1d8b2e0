"""Decide pipelines: their steps, schedules and runs on change."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from mlopsctl.blueprint.decide import clock, names, pods, rollout, steps
from mlopsctl.blueprint.decide.training import image
from mlopsctl.blueprint.fingerprint import fingerprint
from mlopsctl.blueprint.model.features import View
from mlopsctl.blueprint.model.pipelines import Parameter, Pipeline, Run, Schedule, Step, StepParameter
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.blueprint.model.training import Model
from mlopsctl.catalogue import cron
from mlopsctl.diagnostics.codes import freshness as codes
from mlopsctl.diagnostics.codes import serving as serving_codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.known import engine as known_engine
from mlopsctl.engines.known import supports
from mlopsctl.engines.model_servers import served_by


def pipelines(parts: steps.Parts, endpoints: tuple[Endpoint, ...]) -> tuple[tuple[Pipeline, ...], list[Diagnostic]]:
    """Decide the system's pipelines: materialize, train, monitor, and a rollout per candidate."""
    diagnostics: list[Diagnostic] = []
    if not parts.model and not image(parts.system):
        return (), _without_image(parts)
    decided = []
    if parts.features and any(view.every for view in parts.features.views):
        decided.append(_materialize(parts, diagnostics))
    if parts.model:
        decided.append(_train(parts))
    if parts.model and parts.checks and parts.checks.live:
        decided.append(_monitor(parts, diagnostics))
    if _shifts(parts):
        decided += [
            _rollout(parts, endpoint)
            for endpoint in endpoints
            if endpoint.candidate and endpoint.rollout.strategy == "canary"
        ]
    return tuple(decided), diagnostics


def _shifts(parts: steps.Parts) -> bool:
    """Return whether a run can change the traffic weights of the serving engine."""
    serving = parts.system.engines.serving
    return bool(supports("serving", serving.engine, serving.version, "canary.shift"))


def _pipeline(
    parts: steps.Parts,
    purpose: Any,
    description: str,
    steps_run: tuple[Step, ...],
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
        steps=steps_run,
        schedules=schedules,
        on_change=on_change,
        mutex=name,
        deadline=sum(step.timeout for step in steps_run),
        hash=hash or fingerprint((image(parts.system), steps_run, parameters)),
        pod=pods.of_pipeline(parts.system),
    )


def _materialize(parts: steps.Parts, diagnostics: list[Diagnostic]) -> Pipeline:
    assert parts.features  # noqa: S101 - the caller looked
    name = names.join(parts.system.name, "materialize")
    intervals: dict[int, list[View]] = {}
    for view in parts.features.views:
        if view.every:
            intervals.setdefault(view.every, []).append(view)
    schedules = []
    for interval_s, views in sorted(intervals.items()):
        line = clock.interval_cron(interval_s)
        if line is None:
            diagnostics += [_uneven(f"spec.features.views.{view.name}.materialize.every", interval_s) for view in views]
            continue
        own = name if len(intervals) == 1 else f"{name}-{clock.text(interval_s)}"
        listed = ",".join(view.name for view in views)
        schedules.append(Schedule(own, line, clock.UTC, (("views", listed),), interval_s))
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
    """Report views that no pipeline can materialise."""
    views = [view.name for view in parts.features.views if view.every] if parts.features else []
    message = (
        f"nothing materialises `{', '.join(views)}`: the system has no model, so there is no image to run steps in"
    )
    return (
        [serving_codes.NO_IMAGE.at(None, message, path=f"spec.features.views.{views[0]}.materialize")] if views else []
    )


def _uneven(path: str, interval_s: int) -> Diagnostic:
    message = f"no schedule fires evenly every {clock.text(interval_s)}"
    return codes.UNEVEN_INTERVAL.at(None, message, path=path)


def _train(parts: steps.Parts) -> Pipeline:
    assert parts.model and parts.system.spec.model  # noqa: S101 - the caller looked
    retrain = parts.system.spec.model.retrain
    name = names.join(parts.system.name, "train")
    hash = fingerprint(_training_inputs(parts))
    schedules: tuple[Schedule, ...] = ()
    if retrain.schedule:
        line, zone = retrain.schedule.cron, retrain.schedule.timezone
        chosen = parts.system.engines.pipelines
        facts = known_engine("pipelines", chosen.engine, chosen.version)
        step_is_star = facts is not None and facts.cron_step_is_star
        period = cron.longest_gap(line, zone, step_is_star=step_is_star)
        schedules = (Schedule(name, line, zone, (), period),)
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


def _monitor(parts: steps.Parts, diagnostics: list[Diagnostic]) -> Pipeline:
    assert parts.checks and parts.checks.live  # noqa: S101 - the caller looked
    interval_s = parts.checks.live.every
    line = clock.interval_cron(interval_s)
    name = names.join(parts.system.name, "monitor")
    if line is None:
        diagnostics.append(_uneven("spec.checks.live.every", interval_s))
    schedules = (Schedule(name, line, clock.UTC, (), interval_s),) if line else ()
    return _pipeline(parts, "monitor", "watch the served model", steps.monitoring(parts), schedules=schedules)


def _rollout(parts: steps.Parts, endpoint: Endpoint) -> Pipeline:
    assert endpoint.candidate  # noqa: S101 - the caller looked
    name = names.join(endpoint.name, "rollout")
    hash = fingerprint((endpoint.stable, endpoint.candidate, endpoint.rollout))
    return _pipeline(
        parts,
        "rollout",
        f"bring version {endpoint.candidate.version.version} in, step by step",
        rollout.steps(parts, endpoint),
        name=name,
        # A run that failed to start because of its image starts again with another image.
        on_change=_on_change(parts, name, fingerprint((hash, image(parts.system)))),
        hash=hash,
    )


def _on_change(parts: steps.Parts, name: str, hash: str) -> Run | None:
    """Return the run of a content, if the pipeline engine can start runs on a change in Git."""
    engine = parts.system.engines.pipelines
    return Run(f"{name}-{hash}", hash) if supports("pipelines", engine.engine, engine.version, "on-change") else None


def _training_inputs(parts: steps.Parts) -> tuple[Any, ...]:
    """Collect the inputs of a training run: sources, features, model and checks, without live monitoring."""
    assert parts.model and parts.features and parts.checks  # noqa: S101 - the caller looked
    feature_set = next(s for s in parts.features.sets if s.name == parts.model.features)
    own = {lookup.name for lookup in feature_set.lookups if lookup.system == parts.system.name}
    views = {view.name: view for view in parts.features.views if view.name in own}
    sources = {view.source for view in views.values()}
    return (
        parts.model,
        feature_set,
        views,
        {source.name: source for source in parts.features.sources if source.name in sources},
        {
            transform.name: transform
            for transform in parts.features.transforms
            if transform.name in feature_set.transforms
        },
        replace(parts.checks, gates=tuple(sorted(parts.checks.gates, key=lambda gate: gate.metric))),
        _package(parts, parts.model),
    )


def _package(parts: steps.Parts, model: Model) -> tuple[str, str]:
    """Return the target of a registered package: the kind of server, and the feature server's address."""
    engines = parts.system.engines
    serving = engines.serving
    served = served_by(model.flavor, serving.engine, serving.version, looks_up=model.looks_up)
    return (served.kind if served else "", engines.features.server_address() or "")


def by_purpose(pipelines: Iterable[Pipeline], purpose: str) -> Pipeline | None:
    """Return the pipeline of a purpose."""
    return next((pipeline for pipeline in pipelines if pipeline.purpose == purpose), None)
