"""Constants of Argo Workflows, and the settings common to all rendered objects."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.pipelines import Resources, Retry
from mlopsctl.catalogue import own_metrics

API_VERSION: Final = "argoproj.io/v1alpha1"
COMPONENT: Final = "pipeline"

DESCRIPTION: Final = "workflows.argoproj.io/description"
IGNORE_HEALTH: Final = "argocd.argoproj.io/ignore-healthcheck"

ENTRYPOINT: Final = "main"
ON_EXIT: Final = "on-exit"
WORK, TEMPORARY, BLUEPRINT = "work", "tmp", "blueprint"

RUNS_METRIC: Final = own_metrics.RUNS
RUNS_HELP: Final = "finished runs of a pipeline, by status"
RUN_ENDED_METRIC: Final = own_metrics.RUN_ENDED
RUN_ENDED_HELP: Final = "when the last run of a pipeline ended, by status, in Unix seconds"
NOW: Final = "{{=now().Unix()}}"
"""The time at which the controller reports, in its expression language (expr-lang)."""

FINISH_RESOURCES: Final = Resources("100m", "256Mi")
FINISH_TIMEOUT: Final = 600
FINISH_RETRY: Final = Retry(limit=2, delay=10, factor=2, cap=60)
"""The exit handler only reads the Blueprint and the status, and logs the outcome."""

POD_GC: Final = {"strategy": "OnPodSuccess", "deleteDelayDuration": "600s"}
"""Failed pods stay for a look; those of success stay as long as a log collector needs."""

ARTIFACT_GC: Final = {"strategy": "Never"}
"""A dataset outlives its run: a registered version refers to it. The bucket's lifecycle removes it."""

TTL: Final = {"secondsAfterSuccess": 86_400, "secondsAfterFailure": 604_800}
HISTORY: Final = 3
LATEST_START: Final = 3600
"""A missed start is caught up within the schedule's period, but within at most this many seconds."""

MOST_METRICS: Final = 100
"""What the definition of the kind allows in one template."""
