"""Origins of pipelines: their steps, schedules and fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlopsctl.blueprint.model.pipelines import Pipeline, Run, Schedule, Step
from mlopsctl.blueprint.provenance.paths import Owner, Paths, SpecPath, default, image, namespace, pods, stack
from mlopsctl.blueprint.provenance.serving import version
from mlopsctl.blueprint.provenance.training import monitored, trained_on


def materialized(owner: Owner) -> Paths:
    features = owner.blueprint.features
    yield from (owner.spec("features.views", view.name, "materialize") for view in (features.views if features else ()))


def of_schedule(schedule: Schedule, owner: Owner) -> Paths:
    """Yield the paths that decide a schedule: training, live checks, or the views with one interval."""
    runs = {id(schedule_run): run.purpose for run in owner.blueprint.pipelines for schedule_run in run.schedules}
    purpose = runs[id(schedule)]
    if purpose == "train":
        yield owner.spec("model.retrain.schedule")
    elif purpose == "monitor":
        yield owner.spec("checks.live.every")
    else:
        view_names = dict(schedule.arguments)["views"].split(",")
        yield from (owner.spec("features.views", name, "materialize", "every") for name in view_names)


def rolled_out(owner: Owner) -> Paths:
    for endpoint in owner.blueprint.endpoints:
        if endpoint.candidate:
            yield owner.spec("serving.endpoints", endpoint.spec_name, "rollout")
            yield from version(endpoint, owner)


_PURPOSES: Mapping[str, Callable[[Owner], Paths]] = {
    "materialize": materialized,
    "train": trained_on,
    "monitor": monitored,
    "rollout": rolled_out,
}


def of_pipeline(pipeline: Pipeline, owner: Owner) -> Paths:
    yield from _PURPOSES[pipeline.purpose](owner)
    if pipeline.purpose == "train":
        yield from (owner.spec("model", key) for key in ("resources", "timeout"))
        yield from materialized(owner)
    yield from image(owner)
    yield from default(owner)
    yield owner.spec("pods")
    yield SpecPath(owner.blueprint.identity.system, ("metadata", "name"))
    yield namespace(owner)
    for stage in ("pipelines", "features", "registry", "monitoring"):
        yield from stack(owner, stage)


def of_name(_: Pipeline, owner: Owner) -> Paths:
    """Yield the paths that decide a pipeline's name and existence."""
    yield SpecPath(owner.blueprint.identity.system, ("metadata", "name"))
    yield namespace(owner)
    yield from stack(owner, "pipelines")
    yield from image(owner)


def hashed(pipeline: Pipeline, owner: Owner) -> tuple[SpecPath, ...]:
    """Return the paths that change a pipeline's fingerprint."""
    return tuple(dict.fromkeys((*_PURPOSES[pipeline.purpose](owner), *image(owner))))


def of_run(run: Run, owner: Owner) -> Paths:
    started = next(pipeline for pipeline in owner.blueprint.pipelines if pipeline.on_change is run)
    yield owner.spec("model.retrain.onChange")
    yield from _PURPOSES[started.purpose](owner)


_STEPS: Mapping[str, tuple[str, ...]] = {
    "build-dataset": ("model.features", "model.label"),
    "check-data": ("checks.data",),
    "split": ("model.split",),
    "check-split": ("checks.split",),
    "train": ("model.code", "model.params"),
    "check-model": ("checks.model",),
    "gate": ("checks.gates",),
    "register": ("model.registry",),
    "monitor": ("checks.live",),
    "request-training": ("model.retrain.onDrift",),
}


_HOLDS_ROWS = frozenset({"build-dataset", "check-data", "split", "check-split", "train", "evaluate", "check-model"})


def of_step(step: Step, owner: Owner) -> Paths:
    yield from (owner.spec(path) for path in _STEPS.get(step.verb, ()))
    if step.verb == "materialize":
        yield from materialized(owner)
    if step.verb in ("shift-traffic", "watch-objectives"):
        yield from (
            owner.spec("serving.endpoints", endpoint.spec_name, "rollout") for endpoint in owner.blueprint.endpoints
        )
    yield from step_resources(step, owner)
    yield from step_timeout(step, owner)
    yield from image(owner)
    yield from pods(owner)


def step_resources(step: Step, owner: Owner) -> Paths:
    """Yield the paths that decide a step's resources."""
    if step.verb in _HOLDS_ROWS:
        yield owner.spec("model.resources")
    yield from default(owner, "resources")


def step_timeout(step: Step, owner: Owner) -> Paths:
    """Yield the paths that decide a step's timeout."""
    if step.verb == "train":
        yield owner.spec("model.timeout")
    if step.verb == "watch-objectives":
        yield from (
            owner.spec("serving.endpoints", endpoint.spec_name, "rollout") for endpoint in owner.blueprint.endpoints
        )
    else:
        yield from default(owner, "timeout")
