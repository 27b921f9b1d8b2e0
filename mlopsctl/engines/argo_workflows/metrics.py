"""Metrics that the controller exports, so that alerts need no push gateway.

The controller adds the prefix `argo_workflows_` to each name.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Gauge, Pipeline, Step
from mlopsctl.engines.argo_workflows import conventions


def runs(blueprint: Blueprint, pipeline: Pipeline) -> list[dict[str, Any]]:
    """Count the pipeline's finished runs by status, and record the end time of the last one.

    A restarting controller loses both. A count that starts again does not show when a run ended; a time does.
    """
    labels = (
        ("system", blueprint.identity.system),
        ("environment", blueprint.identity.environment),
        ("pipeline", pipeline.name),
        ("status", "{{workflow.status}}"),
    )
    return [
        {
            "name": conventions.RUNS_METRIC,
            "help": conventions.RUNS_HELP,
            "labels": _labels(labels),
            "counter": {"value": "1"},
        },
        {
            "name": conventions.RUN_ENDED_METRIC,
            "help": conventions.RUN_ENDED_HELP,
            "labels": _labels(labels),
            "gauge": {"realtime": False, "value": conventions.NOW},
        },
    ]


def gauges(step: Step) -> dict[str, Any]:
    """Export the numbers that the step leaves behind, the first ones where they are too many."""
    if not step.gauges:
        return {}
    defaults = {output_parameter.name: output_parameter.default for output_parameter in step.output_parameters}
    return {
        "metrics": {
            "prometheus": [
                _gauge(gauge, defaults[gauge.parameter]) for gauge in step.gauges[: conventions.MOST_METRICS]
            ]
        }
    }


def _gauge(gauge: Gauge, default: str) -> dict[str, Any]:
    """Export a metric once, at the end of the step, unless the step failed or reported nothing."""
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
