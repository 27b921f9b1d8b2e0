"""Facts of KFP 2.17: versions, and what it can and cannot do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities, no, since
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.engines.base import IMMEDIATE, Exporter, Facts, KindFacts, Pipelines
from mlopsctl.engines.shared.kfp_runs import RUNS

_NO_MUTEX: Final = "KFP runs cannot exclude each other"
_INSTEAD_OF_MUTEX: Final = "a schedule starts no run while another of its pipeline goes on"
_NO_RUN_SETTINGS: Final = "a KFP pipeline has no setting for the retention of runs"
_NO_FIELD: Final = "the platform part of a KFP pipeline has no field for it"
_KFP: Final = abilities(
    "pods schedule schedule.timezone on-change on-drift step-timeout retries resources exit-handler gpu artifacts "
    "outputs conditional secrets run-failures cache",
    pods__service_account=no("a KFP run has one account for all its steps", "stack.pipelines.serviceAccount"),
    pods__volumes__read_only=no(_NO_FIELD, "a claim that is read-only itself"),
    pods__priority_class=no(_NO_FIELD, "argo-workflows, or a default PriorityClass"),
    pods__topology_spread=no(_NO_FIELD, "placement.affinity.apart"),
    mutex=no(_NO_MUTEX, _INSTEAD_OF_MUTEX),
    mutexes=no(_NO_MUTEX, _INSTEAD_OF_MUTEX),
    deadline=since("2.17", "a deadline for a whole run came with KFP 2.17", "a timeout a step"),
    ttl=since("2.17", "a time to live for a run's workflow came with KFP 2.17", "KFP's own retention"),
    archive=no(_NO_RUN_SETTINGS, "KFP's own retention"),
    pod_gc=no(_NO_RUN_SETTINGS, "KFP's own retention"),
    gauges=no("a KFP step exports no metric of its own", "argo-workflows, or a push from the step"),
    run_counts=no("KFP counts succeeded and failed runs in gauges that fall when runs are deleted"),
    restricted_pods=no("pipeline IR has only users and groups; the KFP backend sets the rest"),
    run_as_user=since("2.16", "the user of a step came with KFP 2.16", "an image that is not root's"),
    read_only_root=no("pipeline IR has no field for it"),
)

# KFP runs are Argo workflows underneath.
_SCRAPES: Final = (ScrapeTarget("kfp-api", "pod", MappingProxyType({"app": "ml-pipeline"}), "8888"),)

KINDS: Final = MappingProxyType(
    {
        ("pipelines.kubeflow.org", "Pipeline"): KindFacts(0, IMMEDIATE),
        ("pipelines.kubeflow.org", "PipelineVersion"): KindFacts(
            # The name holds a hash of both, and KFP's webhook refuses a change.
            1,
            "health.lua",
            ("/spec/pipelineSpec", "/spec/platformSpec"),
            (("spec", "pipelineSpec"), ("spec", "platformSpec"), ("spec", "pipelineName")),
        ),
    }
)

FACTS: Final = (
    Facts(
        "pipelines",
        "kfp",
        ("2.14", "2.15", "2.16", "2.17"),
        "2.17",
        capabilities=_KFP,
        folder="kfp",
        kinds=KINDS,
        metrics=(
            Exporter("mlopsctl.engines.kfp.exported_metrics"),
            Exporter("mlopsctl.engines.argo_workflows.exported_metrics", "3.7"),
        ),
        scrapes=_SCRAPES,
        pipelines=Pipelines(runs=RUNS, starter="mlopsctl.engines.kfp.backend.runs"),
    ),
)
