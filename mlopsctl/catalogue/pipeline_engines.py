"""The engines that may run the steps, and what each can do.

Facts of Argo Workflows 4.1, KFP 2.17, Polyaxon 2.18 and Kale 2.3.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.ability import Engine, abilities, no, since

_ARGO: Final = abilities(
    "schedule schedule.timezone on-change on-drift mutex deadline step-timeout retries resources exit-handler gpu ttl "
    "archive pod-gc gauges artifacts outputs conditional secrets run-counts run-failures restricted-pods "
    "read-only-root run-as-user",
    mutexes=since("3.6", "lists of mutexes and schedules came with Argo Workflows 3.6", "version 3.6"),
)
_NO_RUN_SETTINGS: Final = "a KFP pipeline says nothing about what remains of a run"
_NO_MUTEX: Final = "KFP runs cannot exclude each other"
_INSTEAD_OF_MUTEX: Final = "a schedule starts no run while another of its pipeline goes on"
_KFP: Final = abilities(
    "schedule schedule.timezone on-change on-drift step-timeout retries resources exit-handler gpu artifacts outputs "
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

_BY_HAND: Final = "a Polyaxonfile starts when it is submitted, and Argo CD submits none"
_NO_QUEUE: Final = "Polyaxon runs cannot exclude each other"
_POLYAXON_KEEPS: Final = "what remains of a run is Polyaxon's own to keep"
_POLYAXON: Final = abilities(
    "schedule step-timeout retries resources gpu artifacts outputs secrets run-as-user read-only-root deadline",
    schedule__timezone=no("its schedules are read in UTC and have no field for a time zone", "timezone Etc/UTC"),
    on_change=no(_BY_HAND, "`polyaxon run` after the merge, or argo-workflows"),
    on_drift=no("a Polyaxon step is given no right to start another run", "a schedule"),
    conditional=no("no condition is rendered", "argo-workflows"),
    exit_handler=no("a hook is part of the commercial edition"),
    mutex=no(_NO_QUEUE, "a queue of one, in the commercial edition"),
    mutexes=no(_NO_QUEUE, "a queue of one, in the commercial edition"),
    ttl=no(_POLYAXON_KEEPS),
    archive=no(_POLYAXON_KEEPS),
    pod_gc=no(_POLYAXON_KEEPS),
    gauges=no("a Polyaxon step exports no metric of its own", "a push gateway"),
    run_counts=no("Polyaxon tells Prometheus of no run", "Polyaxon's own notifications"),
    run_failures=no("Polyaxon tells Prometheus of no run", "Polyaxon's own notifications"),
    restricted_pods=no("the containers that Polyaxon puts beside a step are Polyaxon's"),
)
_NOT_IN_A_NOTEBOOK: Final = "no tag of a Kale notebook says it"
_NO_START: Final = "a recurring run is an object of KFP's API, and a notebook holds none"
_RECURRING: Final = "a recurring run that you create in KFP, or the engine kfp"
_KALE: Final = abilities(
    # Files go as the bytes of a variable.
    "artifacts outputs gpu secrets cache run-as-user run-failures",
    schedule=no(_NO_START, _RECURRING),
    schedule__timezone=no(_NO_START, _RECURRING),
    on_change=no("a notebook starts nothing by itself", "the engine kfp"),
    on_drift=no("a notebook starts nothing by itself", "the engine kfp"),
    mutex=no("KFP runs cannot exclude each other"),
    mutexes=no("KFP runs cannot exclude each other"),
    deadline=no(_NOT_IN_A_NOTEBOOK, "the engine kfp"),
    step_timeout=no("Kale's template drops a step's time limit", "the engine kfp"),
    retries=no("Kale's template drops a step's retries", "the engine kfp"),
    resources=no(
        "Kale's template drops limits of cpu and memory, and keeps those of GPUs", "a LimitRange in the namespace"
    ),
    exit_handler=no(_NOT_IN_A_NOTEBOOK, "the engine kfp"),
    conditional=no("a cell runs or the notebook stops", "the engine kfp"),
    ttl=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    archive=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    pod_gc=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    gauges=no("a KFP step exports no metric of its own", "a push gateway"),
    run_counts=no("KFP counts succeeded and failed runs in gauges that fall when runs are deleted"),
    restricted_pods=no("Kale writes users and groups; the rest is the KFP backend's"),
    read_only_root=no("pipeline IR has no place for it"),
)

ENGINES: Final = (
    Engine("pipelines", "argo-workflows", ("3.6", "3.7", "4.0", "4.1"), "4.1", capabilities=_ARGO),
    Engine("pipelines", "kfp", ("2.14", "2.15", "2.16", "2.17"), "2.17", capabilities=_KFP),
    Engine("pipelines", "polyaxon", ("2.18",), "2.18", capabilities=_POLYAXON),
    Engine("pipelines", "kale", ("2.3",), "2.3", capabilities=_KALE),
)
