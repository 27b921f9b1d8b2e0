"""What starts a pipeline: the clock, or a change. Both ask the API, which alone knows the ids of the names in Git.

In: a blueprint and a revision. Out: a CronJob, and a Job that Argo CD runs after a sync. Never a wait for the run: a
sync that waits for training blocks the next.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Run, Schedule
from mlopsctl.emit.argv import argv
from mlopsctl.targets import kubernetes, steps
from mlopsctl.targets.kfp import access, conventions
from mlopsctl.targets.kfp.revision import Revision


def cron_job(blueprint: Blueprint, revision: Revision, schedule: Schedule) -> dict[str, Any]:
    """Return a schedule. All its runs have one name, by which KFP counts them; none starts while one still goes on."""
    name = f"{schedule.name}-scheduled"
    words = _words(blueprint, revision, name, "--unless-running", schedule.arguments)
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
            "spec": _job(blueprint, revision, words, meta["labels"]),
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
    words = _words(blueprint, revision, run.name, "--once", ())
    spec = {
        **_job(blueprint, revision, words, meta["labels"]),
        "ttlSecondsAfterFinished": conventions.KEPT,
    }
    return kubernetes.manifest("batch/v1", "Job", meta, spec=spec)


def _words(
    blueprint: Blueprint, revision: Revision, name: str, when: str, values: tuple[tuple[str, str], ...]
) -> list[str]:
    """Return the command that asks for a run; `when` says what keeps it from asking."""
    words = ["start-run", "--endpoint", blueprint.engines.pipelines.settings["endpoint"]]
    words += ("--namespace", blueprint.place.namespace, "--experiment", blueprint.identity.system)
    words += ("--pipeline", revision.pipeline.name, "--version", revision.name)
    words += ("--service-account", access.run_account(blueprint, revision.pipeline), "--name", name, when)
    for key, value in values:
        words += ("--set", f"{key}={value}")
    return argv(*words)


def _job(blueprint: Blueprint, revision: Revision, words: list[str], labels: dict[str, str]) -> dict[str, Any]:
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
                "containers": [_container(blueprint, revision, words)],
                "volumes": [{"name": conventions.TEMPORARY, "emptyDir": {}}, _token()],
            },
        },
    }


def _container(blueprint: Blueprint, revision: Revision, words: list[str]) -> dict[str, Any]:
    temporary = blueprint.paths.temporary
    return {
        "name": "start",
        "image": revision.pipeline.image,
        "command": steps.PROGRAM,
        "args": words,
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
