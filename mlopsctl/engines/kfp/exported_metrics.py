"""What the Kubeflow Pipelines API server exports about runs."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import bounds, counter, gauge, histogram

_SOURCE: Final = "pipelines@2.17.0:backend/src/apiserver/resource/resource_manager.go"

METRICS: Final = (
    # Gauges: a deleted run lowers them. `workflow` is the run's display name.
    gauge("resource_manager_workflow_runs_success", "profile workflow", _SOURCE),
    gauge("resource_manager_workflow_runs_failed", "profile workflow", _SOURCE),
    counter("resource_manager_workflow_gc", "", _SOURCE),
    histogram("resource_manager_recurring_run_report_gap", "", bounds("0.5 1 2 4 8 16 32 64 128 256"), _SOURCE),
)
