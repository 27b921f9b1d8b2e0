"""What decides pipelines: their steps, when they start, and what makes another content of them.

In: a piece, and whose it is. Out: paths, the nearest first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlopsctl.blueprint import model
from mlopsctl.blueprint.origins.paths import Owner, Paths, SpecPath, image, namespace, stack, workspace
from mlopsctl.blueprint.origins.serving import version
from mlopsctl.blueprint.origins.training import monitored, trained_on


def materialized(owner: Owner) -> Paths:
    features = owner.blueprint.features
    yield from (owner.spec("features.views", one.name, "materialize") for one in (features.views if features else ()))


def of_schedule(schedule: model.Schedule, owner: Owner) -> Paths:
    """Yield what sets a schedule: the training's own, the monitor's pace, or the views of one interval."""
    runs = {id(one): run.purpose for run in owner.blueprint.pipelines for one in run.schedules}
    purpose = runs[id(schedule)]
    if purpose == "train":
        yield owner.spec("model.retrain.schedule")
    elif purpose == "monitor":
        yield owner.spec("checks.live.every")
    else:
        named = dict(schedule.arguments)["views"].split(",")
        yield from (owner.spec("features.views", name, "materialize", "every") for name in named)


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


def of_pipeline(pipeline: model.Pipeline, owner: Owner) -> Paths:
    yield from _PURPOSES[pipeline.purpose](owner)
    if pipeline.purpose == "train":
        yield from (owner.spec("model", key) for key in ("resources", "timeout"))
        yield from materialized(owner)
    yield from image(owner)
    yield workspace("defaults")
    yield SpecPath(owner.blueprint.identity.system, ("metadata", "name"))
    yield namespace(owner)
    for stage in ("pipelines", "features", "registry", "monitoring"):
        yield from stack(owner, stage)


def of_name(_: model.Pipeline, owner: Owner) -> Paths:
    """Yield what decides how a pipeline is called, and whether there is one."""
    yield SpecPath(owner.blueprint.identity.system, ("metadata", "name"))
    yield namespace(owner)
    yield from stack(owner, "pipelines")
    yield from image(owner)


def hashed(pipeline: model.Pipeline, owner: Owner) -> tuple[SpecPath, ...]:
    """Return what makes another content of a pipeline."""
    return tuple(dict.fromkeys((*_PURPOSES[pipeline.purpose](owner), *image(owner))))


def of_run(run: model.Run, owner: Owner) -> Paths:
    started = next(one for one in owner.blueprint.pipelines if one.on_change is run)
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


def of_step(step: model.Step, owner: Owner) -> Paths:
    yield from (owner.spec(path) for path in _STEPS.get(step.verb, ()))
    if step.verb == "materialize":
        yield from materialized(owner)
    if step.verb in ("shift-traffic", "watch-objectives"):
        yield from (owner.spec("serving.endpoints", one.spec_name, "rollout") for one in owner.blueprint.endpoints)
    yield from step_resources(step, owner)
    yield from step_timeout(step, owner)
    yield from image(owner)


def step_resources(step: model.Step, owner: Owner) -> Paths:
    """Yield what decides how much a step asks for."""
    if step.verb in _HOLDS_ROWS:
        yield owner.spec("model.resources")
    yield workspace("defaults", "resources")


def step_timeout(step: model.Step, owner: Owner) -> Paths:
    """Yield what decides how long a step may take."""
    if step.verb == "train":
        yield owner.spec("model.timeout")
    if step.verb == "watch-objectives":
        yield from (owner.spec("serving.endpoints", one.spec_name, "rollout") for one in owner.blueprint.endpoints)
    else:
        yield workspace("defaults", "timeout")
