"""The engines that may run the steps, and what each can do. Facts of Argo Workflows 4.1 and KFP 2.17."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.ability import Engine, abilities, no, since

_ARGO: Final = abilities(
    "schedule schedule.timezone on-change on-drift mutex deadline step-timeout retries exit-handler gpu ttl "
    "archive pod-gc gauges artifacts outputs conditional secrets run-counts run-failures restricted-pods "
    "read-only-root",
    mutexes=since("3.6", "lists of mutexes and schedules came with Argo Workflows 3.6", "version 3.6"),
)
_NO_RUN_SETTINGS: Final = "a KFP pipeline has no settings for the whole run"
_KFP: Final = abilities(
    "schedule schedule.timezone on-change step-timeout retries exit-handler gpu artifacts outputs "
    "conditional secrets run-failures cache",
    on_drift=no("nothing in KFP may start a run from a run", "a schedule"),
    mutex=no("KFP runs cannot exclude each other", "the schedule's own Forbid, which holds among its runs"),
    mutexes=no("KFP runs cannot exclude each other", "the schedule's own Forbid, which holds among its runs"),
    deadline=no(_NO_RUN_SETTINGS, "a timeout a step"),
    ttl=no(_NO_RUN_SETTINGS, "KFP's own retention"),
    archive=no(_NO_RUN_SETTINGS, "KFP's own retention"),
    pod_gc=no(_NO_RUN_SETTINGS, "KFP's own retention"),
    gauges=no("a KFP step exports no metric of its own", "argo-workflows, or a push from the step"),
    run_counts=no("KFP counts succeeded and failed runs in gauges that fall when runs are deleted"),
    restricted_pods=no("pipeline IR carries only runAsNonRoot; the rest is the KFP backend's"),
    read_only_root=no("pipeline IR has no place for it"),
)

ENGINES: Final = (
    Engine("pipelines", "argo-workflows", ("3.6", "3.7", "4.0", "4.1"), "4.1", capabilities=_ARGO),
    Engine("pipelines", "kfp", ("2.14", "2.15", "2.16", "2.17"), "2.17", capabilities=_KFP),
)
