"""Facts of Argo Workflows 4.1: versions, and what it can and cannot do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities, since
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.catalogue.signal import RunSignal
from mlopsctl.engines.base import ARGO_CD, IMMEDIATE, Exporter, Facts, KindFacts, Pipelines

_ARGO: Final = abilities(
    "pods schedule schedule.timezone on-change on-drift mutex deadline step-timeout retries resources exit-handler gpu "
    "ttl archive pod-gc gauges artifacts outputs conditional secrets run-counts run-failures restricted-pods "
    "read-only-root run-as-user",
    mutexes=since("3.6", "lists of mutexes and schedules came with Argo Workflows 3.6", "version 3.6"),
)

_SCRAPES: Final = (
    ScrapeTarget(
        "argo-workflows-controller",
        "service",
        MappingProxyType({"app": "workflow-controller"}),
        "metrics",
        "/metrics",
        "https",
        self_signed=True,
        honor_labels=True,
    ),
)

PREFIX: Final = "argo_workflows_"
_TRIGGERED: Final = f"{PREFIX}workflowtemplate_triggered_total"
_RUNS: Final = RunSignal(
    MappingProxyType({"finished": _TRIGGERED, "succeeded": _TRIGGERED, "failed": _TRIGGERED}),
    "name",
    status_label="phase",
    statuses=MappingProxyType(
        {
            "finished": ("=~", "Succeeded|Failed|Error"),
            "succeeded": ("=", "Succeeded"),
            "failed": ("=~", "Failed|Error"),
        }
    ),
    own=True,
)

KINDS: Final = MappingProxyType(
    {
        ("argoproj.io", "WorkflowTemplate"): KindFacts(0, IMMEDIATE),
        ("argoproj.io", "CronWorkflow"): KindFacts(1, ARGO_CD),
    }
)

FACTS: Final = (
    Facts(
        "pipelines",
        "argo-workflows",
        ("3.6", "3.7", "4.0", "4.1"),
        "4.1",
        capabilities=_ARGO,
        folder="argo-workflows",
        kinds=KINDS,
        metrics=(Exporter("mlopsctl.engines.argo_workflows.exported_metrics"),),
        scrapes=_SCRAPES,
        pipelines=Pipelines(PREFIX, _RUNS, "mlopsctl.engines.argo_workflows.backend"),
    ),
)
