"""Triggers of a pipeline: a schedule, or a change. Both refer to the template."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline, Run, Schedule
from mlopsctl.engines.argo_workflows import conventions
from mlopsctl.engines.argo_workflows.template import workflow_template
from mlopsctl.engines.shared import kubernetes


def cron_workflow(blueprint: Blueprint, pipeline: Pipeline, schedule: Schedule) -> dict[str, Any]:
    """Return a schedule. Its runs are deleted after a while and not created again."""
    meta = kubernetes.metadata(blueprint, schedule.name, conventions.COMPONENT, wave=1)
    spec = {
        "schedules": [schedule.cron],
        "timezone": schedule.timezone,
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": min(schedule.period, conventions.LATEST_START),
        "successfulJobsHistoryLimit": conventions.HISTORY,
        "failedJobsHistoryLimit": conventions.HISTORY,
        "workflowSpec": {
            "workflowTemplateRef": {"name": pipeline.name},
            **_arguments(schedule.arguments),
            "ttlStrategy": conventions.TTL,
        },
    }
    return kubernetes.manifest(conventions.API_VERSION, "CronWorkflow", meta, spec=spec)


def run_on_change(blueprint: Blueprint, pipeline: Pipeline, run: Run) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the run of one content, and before it the template that it runs, under the run's own name.

    Runs are synced by an application of their own, which does not wait for the one with the pipeline's template: a run
    that referred to that one would start from the content before, and be over before the new one arrives.

    Argo CD keeps what Git says: a run that were removed after a while would be made again, and train again.
    The empty time to live wins over every default and means never. A failed run is for its alert to tell,
    not for the health of the application.
    """
    meta = kubernetes.metadata(
        blueprint, run.name, conventions.COMPONENT, wave=1, annotations={conventions.IGNORE_HEALTH: "true"}
    )
    spec = {"workflowTemplateRef": {"name": run.name}, "ttlStrategy": {}}
    started = kubernetes.manifest(conventions.API_VERSION, "Workflow", meta, spec=spec)
    return workflow_template(blueprint, pipeline, run.name), started


def _arguments(pairs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    if not pairs:
        return {}
    return {"arguments": {"parameters": [{"name": name, "value": value} for name, value in pairs]}}
