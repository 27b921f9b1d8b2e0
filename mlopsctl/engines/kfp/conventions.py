"""Constants of Kubeflow Pipelines, and the settings common to all rendered pipelines."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.pipelines import Resources

GROUP: Final = "pipelines.kubeflow.org"
API_VERSION: Final = f"{GROUP}/v2beta1"
COMPONENT: Final = "pipeline"

SCHEMA_VERSION: Final = "2.1.0"
SDK: Final = "mlopsctl"
"""Who compiled the pipeline: without a version, so that an upgrade alone makes no new pipeline version."""

ARTIFACTS: Final = {
    "dataset": "system.Dataset",
    "model": "system.Model",
    "metrics": "system.Metrics",
    "report": "system.Artifact",
}
"""A report is a folder; `system.HTML` would be one page."""
ARTIFACT_SCHEMA: Final = "0.0.1"

HASH_LENGTH: Final = 10
IR: Final = "ir"
"""The folder of the pipelines as files, for a server that keeps them in its database."""

USER: Final = "65532"
WORK, TEMPORARY = "work", "tmp"

START_RESOURCES: Final = Resources("50m", "128Mi")
START_DEADLINE: Final = 900
START_RETRIES: Final = 6
"""Kubernetes waits 10 seconds before the first retry, then twice as long each time: about ten minutes in all."""
LATEST_START: Final = 3600
"""A start that was missed is made up for within the schedule's period, but at most this many seconds."""
HISTORY: Final = 3
JOB_TTL_SECONDS: Final = 604_800
"""How long a finished start on change stays, in seconds, where nothing removes it before."""

HOOK: Final = "argocd.argoproj.io/hook"
HOOK_DELETE: Final = "argocd.argoproj.io/hook-delete-policy"
KEEP: Final = "Prune=false"
COMPARE: Final = "argocd.argoproj.io/compare-options"
KEPT_IS_FINE: Final = "IgnoreExtraneous"
"""Without it, every version that Git has no more would leave the application out of sync."""
NO_SIDECAR: Final = {"sidecar.istio.io/inject": "false"}
"""A job whose sidecar stays alive never ends."""

TOKEN_AUDIENCE: Final = "pipelines.kubeflow.org"  # noqa: S105 - whom a token is for, no token
TOKEN_FOLDER: Final = "/var/run/secrets/kubeflow/pipelines"  # noqa: S105 - a path inside the container
TOKEN_VARIABLE: Final = "KF_PIPELINES_SA_TOKEN_PATH"  # noqa: S105 - a variable's name
TOKEN_LIFE: Final = 7200
ASKS_FOR_TOKEN: Final = {"access-ml-pipeline": "true"}
"""Kubeflow's own word for a pod that asks the API: where it is multi-user, a PodDefault gives such a pod a token."""

START_VERSION: Final = "MLOPSCTL_START_VERSION"
START_ACCOUNT: Final = "MLOPSCTL_START_ACCOUNT"
"""What a step that starts training must say: the version Git has now, and whom its pods run as."""
SCHEDULED: Final = "-scheduled"
"""How the name of a run ends that a schedule started."""
