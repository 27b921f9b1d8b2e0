"""The engines that may run the steps, and what each can do. Facts of Argo Workflows 4.1 and KFP 2.17."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.ability import Engine, abilities, no, since

_ARGO: Final = abilities(
    "schedule schedule.timezone on-change on-drift mutex deadline step-timeout retries exit-handler gpu ttl "
    "archive pod-gc gauges artifacts outputs conditional secrets run-counts run-failures restricted-pods "
    "read-only-root run-as-user",
    mutexes=since("3.6", "lists of mutexes and schedules came with Argo Workflows 3.6", "version 3.6"),
)
_NO_RUN_SETTINGS: Final = "a KFP pipeline says nothing about what remains of a run"
_NO_MUTEX: Final = "KFP runs cannot exclude each other"
_INSTEAD_OF_MUTEX: Final = "a schedule starts no run while another of its pipeline goes on"
_KFP: Final = abilities(
    "schedule schedule.timezone on-change on-drift step-timeout retries exit-handler gpu artifacts outputs "
    "conditional secrets run-failures cache",
    mutex=no(_NO_MUTEX, _INSTEAD_OF_MUTEX),
    mutexes=no(_NO_MUTEX, _INSTEAD_OF_MUTEX),
    deadline=since("2.17", "a deadline for a whole run came with KFP 2.17", "a timeout a step"),
    ttl=since("2.17", "a time to live for a run's workflow came with KFP 2.17", "KFP's own retention"),
    archive=no(_NO_RUN_SETTINGS, "KFP's own retention"),
    pod_gc=no(_NO_RUN_SETTINGS, "KFP's own retention"),
    gauges=no("a KFP step exports no metric of its own", "argo-workflows, or a push from the step"),
    run_counts=no("KFP counts succeeded and failed runs in gauges that fall when runs are deleted"),
    restricted_pods=no("pipeline IR carries only users and groups; the rest is the KFP backend's"),
    run_as_user=since("2.16", "the user of a step came with KFP 2.16", "an image that is not root's"),
    read_only_root=no("pipeline IR has no place for it"),
)

ENGINES: Final = (
    Engine("pipelines", "argo-workflows", ("3.6", "3.7", "4.0", "4.1"), "4.1", capabilities=_ARGO),
    Engine("pipelines", "kfp", ("2.14", "2.15", "2.16", "2.17"), "2.17", capabilities=_KFP),
)
