"""Run counts of Kubeflow Pipelines, for the engines that use it as a back end."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.signal import RunSignal

RUNS: Final = RunSignal(
    MappingProxyType(
        {
            "succeeded": "resource_manager_workflow_runs_success",
            "failed": "resource_manager_workflow_runs_failed",
        }
    ),
    "workflow",
    # The display name of a run begins with the pipeline's.
    suffix="(-.+)?",
    namespace_label="profile",
    alive="resource_manager_workflow_gc",
)
"""Gauges that fall when runs are deleted; none counts all finished runs."""
