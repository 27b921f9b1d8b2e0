"""The capabilities that a system uses, each with the field of the spec."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlopsctl.blueprint.model.alerts import FailureCondition, OverdueCondition
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.blueprint.model.serving import Endpoint

EVERY_STEP = "every step"
"""The path of a capability that every step uses, without a field of the spec."""


class Use(NamedTuple):
    """A capability that a spec uses at a stage, with its path."""

    stage: str
    ability: str
    path: str


def uses(blueprint: Blueprint) -> tuple[Use, ...]:
    """Return the capabilities that the system uses, each field once."""
    all_uses = [
        *_features(blueprint),
        *_pipelines(blueprint),
        *_registry(blueprint),
        *_checks(blueprint),
        *_serving(blueprint),
        *_monitoring(blueprint),
    ]
    if blueprint.secrets:
        all_uses.append(Use("secrets", "fetch", "spec.stack"))
    return tuple(dict.fromkeys(all_uses))


def _features(blueprint: Blueprint) -> Iterator[Use]:
    features = blueprint.features
    for source in features.sources if features else ():
        path = f"spec.data.sources.{source.name}"
        yield Use("features", f"sources.{source.type}", f"{path}.type")
        if source.push:
            yield Use("features", "push", f"{path}.push")
        if source.tags:
            yield Use("features", "tags", f"{path}.tags")
    for view in features.views if features else ():
        path = f"spec.features.views.{view.name}"
        yield Use("features", "owner", "metadata.owner")
        if view.every:
            yield Use("features", "incremental", f"{path}.materialize.every")
        if view.tags:
            yield Use("features", "tags", f"{path}.tags")
    for transform in features.transforms if features else ():
        yield Use("features", "on-demand", f"spec.features.transforms.{transform.name}")
    for feature_set in features.sets if features else ():
        yield Use("features", "services", f"spec.features.sets.{feature_set.name}")
    if any(alert.group == "freshness" for alert in blueprint.alerts):
        yield Use("features", "freshness", "spec.alerts.freshness")


_ASKED_BY = {
    "train": "spec.model.retrain",
    "monitor": "spec.checks.live",
    "materialize": "spec.features.views",
    "rollout": "spec.serving.endpoints",
}


def _pipelines(blueprint: Blueprint) -> Iterator[Use]:
    for pipeline in blueprint.pipelines:
        for ability, path in _of_pipeline(pipeline):
            yield Use("pipelines", ability, path)
    for alert in blueprint.alerts:
        if isinstance(alert.condition, OverdueCondition):
            yield Use("pipelines", "run-counts", alert.source)
        if isinstance(alert.condition, FailureCondition):
            yield Use("pipelines", "run-failures", alert.source)


def _of_pipeline(pipeline: Pipeline) -> Iterator[tuple[str, str]]:
    path = _ASKED_BY[pipeline.purpose]
    for schedule in pipeline.schedules:
        yield "schedule", path
        if schedule.timezone not in ("UTC", "Etc/UTC"):
            yield "schedule.timezone", f"{path}.schedule.timezone"
    if pipeline.on_change:
        yield "on-change", f"{path}.onChange" if pipeline.purpose == "train" else path
    yield from (("mutex", path), ("deadline", path), ("artifacts", EVERY_STEP))
    for ability in ("restricted-pods", "run-as-user", "read-only-root"):
        yield ability, EVERY_STEP
    for step in pipeline.steps:
        if "start-pipeline" in step.permissions:
            yield "on-drift", "spec.model.retrain.onDrift"
        if step.gauges:
            yield "gauges", path
        if step.resources.gpu_count:
            yield "gpu", "spec.model.resources.gpu"
        if any(variable.secret for variable in step.environment):
            yield "secrets", "spec.stack"
        if step.retry.limit:
            yield "retries", "spec.defaults.retries"
        owner = "spec.model" if step.verb == "train" else "spec.defaults"
        yield "step-timeout", f"{owner}.timeout"
        yield "resources", f"{owner}.resources"


def _registry(blueprint: Blueprint) -> Iterator[Use]:
    model = blueprint.model
    if model:
        yield Use("registry", "versions", "spec.model.registry.name")
        yield Use("registry", "aliases", "spec.model.registry.alias")
        yield Use("registry", "signatures", "spec.model.features")
        if model.tags:
            yield Use("registry", "tags", "spec.model.tags")


def _checks(blueprint: Blueprint) -> Iterator[Use]:
    checks = blueprint.checks
    for stage in checks.stages if checks else ():
        path = f"spec.checks.{stage.stage}"
        yield Use("checks", stage.stage, path)
        if stage.suite:
            yield Use("checks", "suites", f"{path}.suite")
        for check in stage.checks:
            yield Use("checks", "checks", f"{path}.checks.{check.name}")
            if check.conditions:
                yield Use("checks", "conditions", f"{path}.checks.{check.name}.conditions")
    if checks and checks.live and checks.live.drift:
        yield Use("checks", "drift", "spec.checks.live.drift")


def _serving(blueprint: Blueprint) -> Iterator[Use]:
    for endpoint in blueprint.endpoints:
        path = f"spec.serving.endpoints.{endpoint.spec_name}"
        for ability, field in _of_endpoint(endpoint):
            yield Use("serving", ability, f"{path}.{field}")


def _of_endpoint(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    strategy, scale = endpoint.rollout.strategy, endpoint.autoscale
    if strategy != "direct":
        yield strategy, "rollout.strategy"
    if strategy == "canary":
        yield "canary.exact", "rollout.steps"
        yield "canary.shift", "rollout.steps"
    if strategy == "canary" and scale:
        yield "canary.autoscale", "autoscale"
    if strategy == "shadow" and endpoint.rollout.weight < 100:
        yield "shadow.percent", "rollout.percent"
    if scale:
        yield f"autoscale.{scale.metric}", "autoscale.metric"
    if endpoint.min_replicas == 0:
        yield "scale-to-zero", "replicas.min"
    if endpoint.features:
        yield "online-features", "features"


def _monitoring(blueprint: Blueprint) -> Iterator[Use]:
    questions = (
        ("rules", "spec.alerts", blueprint.alerts),
        ("burn-rates", "spec.alerts.slos", blueprint.slos),
        ("routes", "spec.alerts.routes", blueprint.routes),
        ("monitors", "spec.serving.endpoints", blueprint.monitors),
        ("objects", "spec.alerts", blueprint.alerts),
    )
    yield from (Use("monitoring", ability, path) for ability, path, parts in questions if parts)
