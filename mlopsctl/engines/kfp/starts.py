"""Triggers of a pipeline: a schedule, or a change. Both call the API, which resolves names in Git to ids.

They do not wait for the run: a sync that waits for training would block the next one.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Run, Schedule
from mlopsctl.emit.argv import argv
from mlopsctl.engines.kfp import access, conventions
from mlopsctl.engines.kfp.revision import Revision
from mlopsctl.engines.shared import kubernetes, steps


def cron_job(blueprint: Blueprint, revision: Revision, schedule: Schedule) -> dict[str, Any]:
    """Return a schedule; its runs share one name, and none starts while one is active.

    Another schedule's runs of the pipeline do not count: of two that fire in one minute, one would never get its turn.
    """
    name = f"{schedule.name}{conventions.SCHEDULED}"
    arguments = _arguments(blueprint, revision, name, "--unless-running", schedule.arguments)
    meta = kubernetes.metadata(blueprint, schedule.name, conventions.COMPONENT, wave=1)
    spec = {
        "schedule": schedule.cron,
        "timeZone": schedule.timezone,
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": min(schedule.period, conventions.LATEST_START),
        "successfulJobsHistoryLimit": conventions.HISTORY,
        "failedJobsHistoryLimit": conventions.HISTORY,
        "jobTemplate": {
            "metadata": {"labels": meta["labels"]},
            "spec": _job(blueprint, revision, arguments, meta["labels"]),
        },
    }
    return kubernetes.manifest("batch/v1", "CronJob", meta, spec=spec)


def job_on_change(blueprint: Blueprint, revision: Revision, run: Run) -> dict[str, Any]:
    """Return the start of one content's run.

    Argo CD runs it after every sync, also of other changes: the run is named by the content's hash, and where there is
    one of that name, nothing is started.
    """
    notes = {conventions.HOOK: "PostSync", conventions.HOOK_DELETE: "BeforeHookCreation,HookSucceeded"}
    meta = kubernetes.metadata(blueprint, run.name, conventions.COMPONENT, annotations=notes)
    arguments = _arguments(blueprint, revision, run.name, "--once", ())
    spec = {
        **_job(blueprint, revision, arguments, meta["labels"]),
        "ttlSecondsAfterFinished": conventions.JOB_TTL_SECONDS,
    }
    return kubernetes.manifest("batch/v1", "Job", meta, spec=spec)


def _arguments(
    blueprint: Blueprint, revision: Revision, name: str, when: str, values: tuple[tuple[str, str], ...]
) -> list[str]:
    """Return the command that starts a run; `when` is the condition to skip it."""
    arguments = ["start-run", "--endpoint", blueprint.engines.pipelines.settings["endpoint"]]
    arguments += ("--namespace", blueprint.place.namespace, "--experiment", blueprint.identity.system)
    arguments += ("--pipeline", revision.pipeline.name, "--version", revision.name)
    arguments += ("--service-account", access.run_account(blueprint, revision.pipeline), "--name", name, when)
    for key, value in values:
        arguments += ("--set", f"{key}={value}")
    return argv(*arguments)


def _job(blueprint: Blueprint, revision: Revision, arguments: list[str], labels: dict[str, str]) -> dict[str, Any]:
    return {
        "backoffLimit": conventions.START_RETRIES,
        "activeDeadlineSeconds": conventions.START_DEADLINE,
        "template": {
            "metadata": {"labels": {**labels, **conventions.NO_SIDECAR}},
            "spec": {
                "serviceAccountName": access.start_account(blueprint),
                "automountServiceAccountToken": False,
                "restartPolicy": "Never",
                "securityContext": kubernetes.pod_security(),
                "containers": [_container(blueprint, revision, arguments)],
                "volumes": [{"name": conventions.TEMPORARY, "emptyDir": {}}, _token()],
            },
        },
    }


def _container(blueprint: Blueprint, revision: Revision, arguments: list[str]) -> dict[str, Any]:
    temporary = blueprint.paths.temporary
    return {
        "name": "start",
        "image": revision.pipeline.image,
        "command": steps.PROGRAM,
        "args": arguments,
        "env": [
            {"name": "HOME", "value": temporary},
            {"name": conventions.TOKEN_VARIABLE, "value": f"{conventions.TOKEN_FOLDER}/token"},
        ],
        "resources": kubernetes.resources(conventions.START_RESOURCES),
        "securityContext": kubernetes.container_security(),
        "volumeMounts": [
            {"name": conventions.TEMPORARY, "mountPath": temporary},
            {"name": "token", "mountPath": conventions.TOKEN_FOLDER, "readOnly": True},
        ],
    }


def _token() -> dict[str, Any]:
    """Return a token that is good for the API only, and for nothing else in the cluster."""
    token = {
        "audience": conventions.TOKEN_AUDIENCE,
        "expirationSeconds": conventions.TOKEN_LIFE,
        "path": "token",
    }
    return {"name": "token", "projected": {"sources": [{"serviceAccountToken": token}]}}
