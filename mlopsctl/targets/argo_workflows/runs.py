"""What starts a pipeline: the clock, or a change. Both only refer to the template.

In: a blueprint and one of its pipelines. Out: CronWorkflows, and the run of one content. Never a step or a
setting that the template has.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Pipeline, Run, Schedule
from mlopsctl.targets import kubernetes
from mlopsctl.targets.argo_workflows import conventions


def cron_workflow(blueprint: Blueprint, pipeline: Pipeline, schedule: Schedule) -> dict[str, Any]:
    """Return a schedule. Its runs are removed after a while; nothing makes them again."""
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


def run_on_change(blueprint: Blueprint, pipeline: Pipeline, run: Run) -> dict[str, Any]:
    """Return the run of one content.

    Argo CD keeps what Git says: a run that were removed after a while would be made again, and train again.
    The empty time to live wins over every default and means never. A failed run is for its alert to tell,
    not for the health of the application.
    """
    meta = kubernetes.metadata(
        blueprint, run.name, conventions.COMPONENT, annotations={conventions.IGNORE_HEALTH: "true"}
    )
    spec = {"workflowTemplateRef": {"name": pipeline.name}, "ttlStrategy": {}}
    return kubernetes.manifest(conventions.API_VERSION, "Workflow", meta, spec=spec)


def _arguments(pairs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    if not pairs:
        return {}
    return {"arguments": {"parameters": [{"name": name, "value": value} for name, value in pairs]}}
