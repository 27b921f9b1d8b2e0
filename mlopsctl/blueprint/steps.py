"""The steps: what each takes, makes and asks for. Their interface is decided here and nowhere else.

In: the decided features, model and checks. Out: steps without a place in a graph's schedule. What a step does inside
is the runtime's; how it is started is a target's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mlopsctl.blueprint import credentials
from mlopsctl.blueprint.model import (
    Checks,
    EnvironmentVariable,
    Features,
    Gauge,
    Model,
    OutputParameter,
    Resources,
    Retry,
    Step,
    StepInput,
    StepOutput,
    StepParameter,
)
from mlopsctl.blueprint.slo import of_candidate
from mlopsctl.catalogue.engines import supports
from mlopsctl.catalogue.exporters import own
from mlopsctl.catalogue.neptune import PROJECT
from mlopsctl.resolve import model as resolved

RETRY_DELAY, RETRY_FACTOR, RETRY_CAP = 30, 2, 600
PUSH_VARIABLE = "MLOPSCTL_PUSHGATEWAY"
NOTHING = "NaN"
"""What a gauge's parameter says where the step had nothing to report; no engine exports it."""


class Parts(NamedTuple):
    """What steps are decided from."""

    system: resolved.System
    features: Features | None
    model: Model | None
    checks: Checks | None


def step(
    parts: Parts,
    verb: str,
    description: str,
    *,
    name: str = "",
    needs: tuple[str, ...] = (),
    inputs: tuple[StepInput, ...] = (),
    outputs: tuple[StepOutput, ...] = (),
    output_parameters: tuple[OutputParameter, ...] = (),
    parameters: tuple[StepParameter, ...] = (),
    gauges: tuple[Gauge, ...] = (),
    permissions: Any = (),
    resources: Resources | None = None,
    timeout: int | None = None,
    environment: tuple[EnvironmentVariable, ...] = (),
    mutex: str | None = None,
) -> Step:
    """Make a step with the workspace's defaults; what it reads it also waits for."""
    defaults = parts.system.workspace.defaults
    gateway = push_environment(parts.system) if gauges else ()
    waits = dict.fromkeys([*(i.step for i in inputs), *(p.step for p in parameters if p.step), *needs])
    return Step(
        name=name or verb,
        verb=verb,
        description=description,
        needs=tuple(waits),
        inputs=inputs,
        outputs=outputs,
        output_parameters=output_parameters,
        parameters=parameters,
        environment=(*environment, *gateway),
        resources=resources or default_resources(parts.system),
        timeout=timeout or defaults.timeout.seconds,
        retry=Retry(defaults.retries, RETRY_DELAY, RETRY_FACTOR, RETRY_CAP),
        gauges=gauges,
        permissions=permissions,
        mutex=mutex,
    )


def default_resources(system: resolved.System) -> Resources:
    """Return what a step asks for where nobody says otherwise."""
    wanted = system.workspace.defaults.resources
    cpu = str(wanted.cpu) if wanted and wanted.cpu else "500m"
    memory = str(wanted.memory) if wanted and wanted.memory else "1Gi"
    return Resources(cpu, memory)


def wanted_resources(system: resolved.System, wanted: Any) -> Resources:
    """Return what the spec asks for, and the default for what it does not say."""
    default = default_resources(system)
    return Resources(
        cpu=str(wanted.cpu) if wanted.cpu else default.cpu,
        memory=str(wanted.memory) if wanted.memory else default.memory,
        gpu_count=wanted.gpu.count if wanted.gpu else 0,
        gpu_resource=wanted.gpu.resource if wanted.gpu else "nvidia.com/gpu",
    )


LIGHT = Resources("100m", "256Mi")
"""For steps that ask another system to do something, and look at no rows."""


def row_resources(system: resolved.System) -> Resources:
    """Return what steps ask for that hold the training's rows: as much as training does, without its GPU."""
    wanted = system.spec.model.resources if system.spec.model else None
    default = default_resources(system)
    return Resources(str(wanted.cpu or default.cpu), str(wanted.memory or default.memory)) if wanted else default


def registry_environment(system: resolved.System) -> tuple[EnvironmentVariable, ...]:
    """Return the variables that reach the model registry."""
    registry = system.engines.registry
    secret = [variable for one in credentials.of_registry(system.engines) for variable in one.environment]
    if registry.engine == "mlflow" and registry.uri:
        return (EnvironmentVariable("MLFLOW_TRACKING_URI", registry.uri), *secret)
    if registry.engine == "neptune" and registry.project:
        return (EnvironmentVariable(PROJECT, registry.project), *secret)
    return tuple(secret)


def push_environment(system: resolved.System) -> tuple[EnvironmentVariable, ...]:
    """Return where a step reports its numbers, for an engine that does not export them."""
    chosen = system.engines.pipelines
    gateway = system.engines.monitoring.pushgateway
    if not gateway or supports("pipelines", chosen.engine, chosen.version, "gauges"):
        return ()
    return (EnvironmentVariable(PUSH_VARIABLE, gateway),)


def store_environment(system: resolved.System) -> tuple[EnvironmentVariable, ...]:
    """Return the variables that reach the feature stores; the feature project's file refers to them."""
    return tuple(variable for one in credentials.of_features(system.engines) for variable in one.environment)


def materialize(parts: Parts, parameters: tuple[StepParameter, ...]) -> Step:
    """Bring the views' newest rows to the online store, and leave behind how new they are."""
    views = [view.name for view in parts.features.views if view.every] if parts.features else []
    return step(
        parts,
        "materialize",
        "bring the newest features to the online store",
        parameters=parameters,
        output_parameters=tuple(OutputParameter(f"timestamp-{view}", NOTHING) for view in views),
        mutex=f"{parts.system.workspace.name}-feature-registry",
        gauges=tuple(
            Gauge(
                own.TIMESTAMP,
                "event time of the newest row in the online store, in Unix seconds",
                (*_whose(parts), ("view", view)),
                f"timestamp-{view}",
            )
            for view in views
        ),
        environment=store_environment(parts.system),
    )


def _whose(parts: Parts) -> tuple[tuple[str, str], ...]:
    return (("system", parts.system.name), ("environment", parts.system.environment.name))


def _from(name: str, step_name: str, output: str | None = None) -> StepInput:
    return StepInput(name, step_name, output or name)


def training(parts: Parts) -> tuple[Step, ...]:
    """Return the steps from fresh features to a registered model, in order."""
    assert parts.model and parts.checks  # noqa: S101 - a training pipeline has both
    checked = {stage.stage for stage in parts.checks.stages}
    registry = registry_environment(parts.system)
    rows = _rows(parts, checked)
    evaluate = step(
        parts,
        "evaluate",
        "measure the model on the holdout, and the model now served beside it",
        resources=row_resources(parts.system),
        inputs=(_from("model", "train"), _from("holdout", "split")),
        outputs=(StepOutput("metrics", "metrics"),),
        environment=registry,
    )
    return (
        *rows,
        _train(parts, registry, "split" in checked),
        evaluate,
        *_admission(parts, "model" in checked, registry),
    )


def _rows(parts: Parts, checked: set[str]) -> tuple[Step, ...]:
    """Return the steps from fresh features to rows that are checked and split."""
    fresh: tuple[Step, ...] = ()
    if parts.features and any(view.every for view in parts.features.views):
        fresh = (materialize(parts, (StepParameter("mode", "incremental"), StepParameter("views", ""))),)
    build = step(
        parts,
        "build-dataset",
        "join each labelled row with the features as they were at its time",
        resources=row_resources(parts.system),
        needs=tuple(one.name for one in fresh),
        outputs=(StepOutput("dataset", "dataset"),),
        output_parameters=(OutputParameter("dataset-hash", ""), OutputParameter("rows", "0")),
        environment=store_environment(parts.system),
    )
    check = step(
        parts,
        "check-data",
        "check the dataset against the columns' contract" + (" and the data suite" if "data" in checked else ""),
        resources=row_resources(parts.system),
        inputs=(_from("dataset", "build-dataset"),),
        outputs=(StepOutput("report", "report"),),
    )
    split = step(
        parts,
        "split",
        "keep rows back for evaluation",
        resources=row_resources(parts.system),
        inputs=(_from("dataset", "build-dataset"),),
        needs=("check-data",),
        outputs=(StepOutput("train", "dataset"), StepOutput("holdout", "dataset")),
    )
    return (*fresh, build, check, split, *((_check_split(parts),) if "split" in checked else ()))


def _check_split(parts: Parts) -> Step:
    return step(
        parts,
        "check-split",
        "check the training rows against the holdout",
        resources=row_resources(parts.system),
        inputs=(_from("train", "split"), _from("holdout", "split")),
        outputs=(StepOutput("report", "report"),),
    )


def _train(parts: Parts, registry: tuple[EnvironmentVariable, ...], split_checked: bool) -> Step:
    spec = parts.system.spec.model
    assert spec  # noqa: S101 - a training pipeline has a model
    return step(
        parts,
        "train",
        "run the user's training code",
        inputs=(_from("train", "split"),),
        needs=("check-split",) if split_checked else (),
        outputs=(StepOutput("model", "model"),),
        output_parameters=(OutputParameter("run-id", ""),),
        parameters=(
            StepParameter("params", pipeline="params"),
            StepParameter("spec-hash", pipeline="spec-hash"),
        ),
        resources=wanted_resources(parts.system, spec.resources),
        timeout=spec.timeout.seconds if spec.timeout else None,
        environment=registry,
    )


def _admission(parts: Parts, model_checked: bool, registry: tuple[EnvironmentVariable, ...]) -> tuple[Step, ...]:
    """Return the steps between a trained model and its alias."""
    check = step(
        parts,
        "check-model",
        "check the trained model",
        resources=row_resources(parts.system),
        inputs=(_from("model", "train"), _from("train", "split"), _from("holdout", "split")),
        outputs=(StepOutput("report", "report"),),
    )
    gate = step(
        parts,
        "gate",
        "hold the metrics against every gate and the model now served",
        inputs=(_from("metrics", "evaluate"),),
        needs=("check-model",) if model_checked else (),
        outputs=(StepOutput("verdict", "metrics"),),
        output_parameters=(OutputParameter("passed", "false"),),
        environment=registry,
    )
    register = step(
        parts,
        "register",
        "register the model and move its alias, now that every gate held",
        inputs=(
            _from("model", "train"),
            _from("metrics", "evaluate"),
            _from("verdict", "gate"),
            _from("train", "split"),
            _from("dataset", "build-dataset"),
        ),
        parameters=(
            StepParameter("run-id", step="train", output="run-id"),
            StepParameter("dataset-hash", step="build-dataset", output="dataset-hash"),
            StepParameter("spec-hash", pipeline="spec-hash"),
            StepParameter("git-commit", pipeline="git-commit"),
        ),
        output_parameters=(OutputParameter("version", ""),),
        environment=registry,
    )
    return (check, gate, register) if model_checked else (gate, register)


def monitoring(parts: Parts) -> tuple[Step, ...]:
    """Return the steps that watch what is served now."""
    assert parts.checks and parts.checks.live  # noqa: S101 - a monitoring pipeline has live checks
    live = parts.checks.live
    system = parts.system
    outputs = [OutputParameter("drifted", "false")]
    outputs += [OutputParameter(column.parameter, NOTHING) for column in live.drift]
    gauges = [
        Gauge(
            own.DRIFT,
            "drift of a column against the training snapshot of the served version",
            (*_whose(parts), ("column", column.name), ("method", column.method)),
            column.parameter,
        )
        for column in live.drift
    ]
    if live.quality:
        outputs.append(OutputParameter("quality", NOTHING))
        labels = (*_whose(parts), ("metric", live.quality.metric))
        gauges.append(Gauge(own.QUALITY, "metric of the served version on labelled rows", labels, "quality"))
    watch = step(
        parts,
        "monitor",
        "compare recent rows with the training snapshot, and answers with labels",
        outputs=(StepOutput("report", "report"),),
        output_parameters=tuple(outputs),
        gauges=tuple(gauges),
        environment=(*store_environment(system), *registry_environment(system)),
    )
    on_drift = system.spec.model.retrain.on_drift if system.spec.model else None
    if not on_drift:
        return (watch,)
    request = step(
        parts,
        "request-training",
        "start a training run when the inputs drifted, within cooldown and weekly limit",
        resources=LIGHT,
        parameters=(
            StepParameter("drifted", step="monitor", output="drifted"),
            StepParameter("cooldown", str(on_drift.cooldown.seconds)),
            StepParameter("max-per-week", str(on_drift.max_per_week)),
        ),
        permissions=("start-pipeline",),
    )
    return (watch, request)


def rollout(parts: Parts, endpoint: Any) -> tuple[Step, ...]:
    """Return the steps that shift traffic to a candidate, and back when an objective burns."""
    found: list[Step] = []
    last: tuple[str, ...] = ()
    for weight in endpoint.rollout.steps:
        shift = step(
            parts,
            "shift-traffic",
            f"give the candidate {weight} percent of the traffic",
            resources=LIGHT,
            name=f"shift-to-{weight}",
            needs=last,
            parameters=(StepParameter("endpoint", endpoint.name), StepParameter("weight", str(weight))),
            permissions=("shift-traffic",),
        )
        found.append(shift)
        last = (shift.name,)
        if weight < 100 or endpoint.rollout.abort_on:
            watch = _watch(parts, endpoint, weight, last)
            found.append(watch)
            last = (watch.name,)
    return tuple(found)


def _objectives(endpoint: Any) -> tuple[str, ...]:
    """Name what a rollout watches: all requests, and where the engine tells them apart the candidate's alone.

    At a few percent of the traffic a candidate that fails every time hardly shows in all requests together.
    """
    own = tuple(of_candidate(name) for name in endpoint.rollout.abort_on) if endpoint.candidate_signals else ()
    return (*endpoint.rollout.abort_on, *own)


def _watch(parts: Parts, endpoint: Any, weight: int, needs: tuple[str, ...]) -> Step:
    pause = endpoint.rollout.pause
    return step(
        parts,
        "watch-objectives",
        f"watch the objectives for {pause} seconds at {weight} percent, and take the traffic back when one burns",
        resources=LIGHT,
        name=f"watch-at-{weight}",
        needs=needs,
        parameters=(
            StepParameter("endpoint", endpoint.name),
            StepParameter("objectives", ",".join(_objectives(endpoint))),
            StepParameter("seconds", str(pause)),
        ),
        timeout=pause + 600,
        permissions=("shift-traffic",),
    )
