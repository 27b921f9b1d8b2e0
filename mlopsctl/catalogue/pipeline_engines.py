"""The engines that may run the steps, and what each can do. Facts of Argo Workflows 4.1 and KFP 2.17."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.ability import YES, Engine, abilities, no, since

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

_POLYAXON: Final = abilities(
    "schedule step-timeout retries gpu artifacts outputs conditional secrets exit-handler",
    schedule__timezone=no("a Polyaxon schedule is read in UTC and has no field for a time zone", "timezone Etc/UTC"),
    on_change=no("nothing starts a Polyaxon run when a file changes", "argo-workflows"),
    on_drift=no("a Polyaxon step is given no right to start another run", "a schedule"),
    mutex=no("Polyaxon runs cannot exclude each other", "a queue of one, in the commercial edition"),
    mutexes=no("Polyaxon runs cannot exclude each other", "a queue of one, in the commercial edition"),
    deadline=YES,
    ttl=YES,
    archive=no("what remains of a run is Polyaxon's own to keep"),
    pod_gc=no("what remains of a run is Polyaxon's own to keep"),
    gauges=no("a Polyaxon step exports no metric of its own", "a push gateway"),
    run_counts=no("Polyaxon exports no count of runs to Prometheus"),
    run_failures=no("Polyaxon exports no failure of a run to Prometheus"),
    restricted_pods=no("a Polyaxonfile describes containers; their pods are Polyaxon's"),
    run_as_user=no("a Polyaxonfile describes containers; their pods are Polyaxon's"),
    read_only_root=no("a Polyaxonfile describes containers; their pods are Polyaxon's"),
)
_NOT_IN_A_NOTEBOOK: Final = "no tag of a Kale notebook says it"
_KALE: Final = abilities(
    "gpu outputs secrets cache",
    schedule=no("a recurring run is an object of the KFP API, and a notebook holds none", "kfp"),
    schedule__timezone=no("a recurring run is an object of the KFP API, and a notebook holds none", "kfp"),
    on_change=no("a notebook starts nothing by itself", "kfp"),
    on_drift=no("a notebook starts nothing by itself", "kfp"),
    mutex=no("KFP runs cannot exclude each other"),
    mutexes=no("KFP runs cannot exclude each other"),
    deadline=no(_NOT_IN_A_NOTEBOOK, "kfp"),
    step_timeout=no("Kale's template drops a step's timeout", "kfp"),
    retries=no("Kale's template drops a step's retries", "kfp"),
    exit_handler=no(_NOT_IN_A_NOTEBOOK, "kfp"),
    artifacts=no("Kale hands on Python variables, and no files", "kfp"),
    conditional=no("a cell runs or the notebook stops", "kfp"),
    ttl=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    archive=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    pod_gc=no(_NOT_IN_A_NOTEBOOK, "KFP's own retention"),
    gauges=no("a KFP step exports no metric of its own", "a push gateway"),
    run_counts=no("KFP counts succeeded and failed runs in gauges that fall when runs are deleted"),
    run_failures=YES,
    restricted_pods=no("Kale's notebook has a security context for all steps, and KFP's backend the rest"),
    run_as_user=no("Kale's notebook has a security context for all steps, and KFP's backend the rest"),
    read_only_root=no("pipeline IR has no place for it"),
)

ENGINES: Final = (
    Engine("pipelines", "argo-workflows", ("3.6", "3.7", "4.0", "4.1"), "4.1", capabilities=_ARGO),
    Engine("pipelines", "kfp", ("2.14", "2.15", "2.16", "2.17"), "2.17", capabilities=_KFP),
    Engine("pipelines", "polyaxon", ("2.18",), "2.18", capabilities=_POLYAXON),
    Engine("pipelines", "kale", ("2.3",), "2.3", capabilities=_KALE),
)
