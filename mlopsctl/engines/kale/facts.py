"""Facts of Kale 2.3: versions, and what it can and cannot do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.engines.base import IMMEDIATE, Exporter, Facts, KindFacts, Pipelines
from mlopsctl.engines.shared.kfp_runs import RUNS

_NO_START: Final = "a recurring run is an object of KFP's API, which a notebook cannot contain"
_RECURRING: Final = "a recurring run that you create in KFP, or the engine kfp"
_NOT_IN_A_NOTEBOOK: Final = "Kale notebooks have no tag for it"
_KALE: Final = abilities(
    # Files go as the bytes of a variable.
    "artifacts outputs gpu secrets cache run-as-user run-failures",
    pods=no("a notebook's steps share one PodDefault, and Kale has no field for the pods of a step", "the engine kfp"),
    schedule=no(_NO_START, _RECURRING),
    schedule__timezone=no(_NO_START, _RECURRING),
    on_change=no("a notebook cannot start a run", "the engine kfp"),
    on_drift=no("a notebook cannot start a run", "the engine kfp"),
    mutex=no("KFP runs cannot exclude each other"),
    mutexes=no("KFP runs cannot exclude each other"),
    deadline=no(_NOT_IN_A_NOTEBOOK, "the engine kfp"),
    step_timeout=no("Kale's template drops a step's time limit", "the engine kfp"),
    retries=no("Kale's template drops a step's retries", "the engine kfp"),
    resources=no(
        "Kale's template drops limits of cpu and memory, and keeps those of GPUs", "a LimitRange in the namespace"
    ),
    exit_handler=no(_NOT_IN_A_NOTEBOOK, "the engine kfp"),
    conditional=no("notebook cells have no conditions", "the engine kfp"),
    ttl=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    archive=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    pod_gc=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    gauges=no("a KFP step exports no metric of its own", "a push gateway"),
    run_counts=no("KFP counts succeeded and failed runs in gauges that fall when runs are deleted"),
    restricted_pods=no("Kale sets users and groups; the KFP backend sets the rest"),
    read_only_root=no("pipeline IR has no field for it"),
)

# KFP runs are Argo workflows underneath.
_SCRAPES: Final = (ScrapeTarget("kfp-api", "pod", MappingProxyType({"app": "ml-pipeline"}), "8888"),)

KINDS: Final = MappingProxyType(
    {
        ("kubeflow.org", "PodDefault"): KindFacts(-1, IMMEDIATE),
    }
)

FACTS: Final = (
    Facts(
        "pipelines",
        "kale",
        ("2.3",),
        "2.3",
        capabilities=_KALE,
        folder="kale",
        kinds=KINDS,
        metrics=(
            Exporter("mlopsctl.engines.kfp.exported_metrics"),
            Exporter("mlopsctl.engines.argo_workflows.exported_metrics", "3.7"),
        ),
        scrapes=_SCRAPES,
        pipelines=Pipelines(runs=RUNS),
        cron_step_is_star=True,
    ),
)
