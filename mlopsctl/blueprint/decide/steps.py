"""Decide the steps: inputs, outputs, resources and permissions of each.

The runtime implements the steps; engines start them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mlopsctl.blueprint.decide import pods
from mlopsctl.blueprint.model.checks import Checks, DriftColumn, Live
from mlopsctl.blueprint.model.features import Features
from mlopsctl.blueprint.model.pipelines import (
    Gauge,
    OutputParameter,
    Resources,
    Retry,
    Step,
    StepInput,
    StepOutput,
    StepParameter,
)
from mlopsctl.blueprint.model.pods import EnvironmentVariable
from mlopsctl.blueprint.model.training import Model
from mlopsctl.catalogue import own_metrics
from mlopsctl.engines.known import supports
from mlopsctl.resolve import model as resolved
from mlopsctl.spec.stack.settings import EngineSettings, MonitoringSettings

RETRY_DELAY, RETRY_FACTOR, RETRY_CAP = 30, 2, 600
PUSH_VARIABLE = "MLOPSCTL_PUSHGATEWAY"
NOTHING = "NaN"
"""The value of a gauge's parameter if the step has nothing to report; engines do not export it."""
_DRIFT = "drift of a column against the training snapshot of the served version"
_QUALITY = "metric of the served version on labelled rows"
_MISSING = "share of a column's recent values that are missing"


class Parts(NamedTuple):
    """The inputs of the decisions about steps."""

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
    timeout_s: int | None = None,
    environment: tuple[EnvironmentVariable, ...] = (),
    mutex: str | None = None,
) -> Step:
    """Build a step with the workspace's defaults; it depends on the steps that it reads from."""
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
        timeout=timeout_s or defaults.timeout.seconds,
        retry=Retry(defaults.retries, RETRY_DELAY, RETRY_FACTOR, RETRY_CAP),
        gauges=gauges,
        permissions=permissions,
        mutex=mutex,
        pod=pods.of_step(parts.system, verb, permissions),
    )


def default_resources(system: resolved.System) -> Resources:
    """Return a step's default resources."""
    resources = system.workspace.defaults.resources
    cpu = str(resources.cpu) if resources and resources.cpu else "500m"
    memory = str(resources.memory) if resources and resources.memory else "1Gi"
    return Resources(cpu, memory)


def requested_resources(system: resolved.System, requested: Any) -> Resources:
    """Return the spec's resources, with defaults for missing ones."""
    default = default_resources(system)
    return Resources(
        cpu=str(requested.cpu) if requested.cpu else default.cpu,
        memory=str(requested.memory) if requested.memory else default.memory,
        gpu_count=requested.gpu.count if requested.gpu else 0,
        gpu_resource=requested.gpu.resource if requested.gpu else "",
    )


LIGHT = Resources("100m", "256Mi")
"""Resources of steps that only call another system and read no rows."""


def row_resources(system: resolved.System) -> Resources:
    """Return the resources of steps that load the training rows: those of training, without its GPU."""
    resources = system.spec.model.resources if system.spec.model else None
    default = default_resources(system)
    return (
        Resources(str(resources.cpu or default.cpu), str(resources.memory or default.memory)) if resources else default
    )


def registry_environment(system: resolved.System) -> tuple[EnvironmentVariable, ...]:
    """Return the variables that reach the model registry."""
    registry = system.engines.registry
    named = (EnvironmentVariable(name, value) for name, value in registry.variables().items())
    return (*named, *_secret_variables(registry))


def _secret_variables(settings: EngineSettings) -> tuple[EnvironmentVariable, ...]:
    """Return a step's variables that read keys of an engine's secrets."""
    return tuple(
        EnvironmentVariable(name, None, credential.secret, key)
        for credential in settings.credentials()
        for name, key in credential.variables.items()
    )


def push_environment(system: resolved.System) -> tuple[EnvironmentVariable, ...]:
    """Return the push gateway of a step's metrics, for an engine that does not export them."""
    chosen = system.engines.pipelines
    monitoring = system.engines.monitoring
    gateway = monitoring.pushgateway if isinstance(monitoring, MonitoringSettings) else None
    if not gateway or supports("pipelines", chosen.engine, chosen.version, "gauges"):
        return ()
    return (EnvironmentVariable(PUSH_VARIABLE, gateway),)


def store_environment(system: resolved.System) -> tuple[EnvironmentVariable, ...]:
    """Return the variables that reach the feature stores; the feature project's configuration refers to them."""
    return _secret_variables(system.engines.features)


def materialize(parts: Parts, parameters: tuple[StepParameter, ...]) -> Step:
    """Return the step that loads new rows into the online store and reports their age."""
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
                own_metrics.TIMESTAMP,
                "event time of the newest row in the online store, in Unix seconds",
                (*_owner_labels(parts), ("view", view)),
                f"timestamp-{view}",
            )
            for view in views
        ),
        environment=store_environment(parts.system),
    )


def _owner_labels(parts: Parts) -> tuple[tuple[str, str], ...]:
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
        needs=tuple(first.name for first in fresh),
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
        resources=requested_resources(parts.system, spec.resources),
        timeout_s=spec.timeout.seconds if spec.timeout else None,
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
        environment=registry,
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
    """Return the steps that monitor the served version."""
    assert parts.checks and parts.checks.live  # noqa: S101 - a monitoring pipeline has live checks
    live = parts.checks.live
    system = parts.system
    outputs, gauges = _watched(parts, live)
    watch = step(
        parts,
        "monitor",
        "compare recent rows with the training snapshot, and answers with labels",
        outputs=(StepOutput("report", "report"),),
        output_parameters=outputs,
        gauges=gauges,
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


def _watched(parts: Parts, live: Live) -> tuple[tuple[OutputParameter, ...], tuple[Gauge, ...]]:
    """Return the outputs of live checks and their gauges: drift, quality, missing values."""
    gauges = [
        Gauge(own_metrics.DRIFT, _DRIFT, _of_column(parts, column, column.method), column.parameter)
        for column in live.drift
    ]
    if live.quality:
        labels = (*_owner_labels(parts), ("metric", live.quality.metric))
        gauges.append(Gauge(own_metrics.QUALITY, _QUALITY, labels, "quality"))
    gauges += [Gauge(own_metrics.MISSING, _MISSING, _of_column(parts, column), column.missing) for column in live.drift]
    outputs = (OutputParameter("drifted", "false"), *(OutputParameter(gauge.parameter, NOTHING) for gauge in gauges))
    return outputs, tuple(gauges)


def _of_column(parts: Parts, column: DriftColumn, method: str = "") -> tuple[tuple[str, str], ...]:
    labels = (*_owner_labels(parts), ("column", column.name))
    return (*labels, ("method", method)) if method else labels
