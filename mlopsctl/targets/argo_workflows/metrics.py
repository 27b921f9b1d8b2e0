"""Numbers that the controller exports for us, so that alerts need no push gateway.

The controller puts `argo_workflows_` before each name.

In: a blueprint, a pipeline or a step. Out: entries of `metrics.prometheus`. Never a metric the Blueprint
does not name.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Gauge, Pipeline, Step
from mlopsctl.targets.argo_workflows import conventions


def runs(blueprint: Blueprint, pipeline: Pipeline) -> dict[str, Any]:
    """Count the pipeline's finished runs by status."""
    labels = (
        ("system", blueprint.identity.system),
        ("environment", blueprint.identity.environment),
        ("pipeline", pipeline.name),
        ("status", "{{workflow.status}}"),
    )
    return {
        "name": conventions.RUNS_METRIC,
        "help": conventions.RUNS_HELP,
        "labels": _labels(labels),
        "counter": {"value": "1"},
    }


def gauges(step: Step) -> dict[str, Any]:
    """Export the numbers that the step leaves behind."""
    if not step.gauges:
        return {}
    defaults = {one.name: one.default for one in step.output_parameters}
    return {"metrics": {"prometheus": [_gauge(one, defaults[one.parameter]) for one in step.gauges]}}


def _gauge(gauge: Gauge, default: str) -> dict[str, Any]:
    """Export one number once, when the step is over, unless the step failed or said nothing."""
    value = f"{{{{outputs.parameters.{gauge.parameter}}}}}"
    return {
        "name": gauge.metric,
        "help": gauge.help,
        "labels": _labels(gauge.labels),
        "when": f"{{{{status}}}} == Succeeded && '{value}' != '{default}'",
        "gauge": {"realtime": False, "value": value},
    }


def _labels(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in pairs]
