"""Facts of Polyaxon 2.18: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Facts

_BY_HAND: Final = "a Polyaxonfile starts when it is submitted, and Argo CD does not submit it"
_NO_QUEUE: Final = "Polyaxon runs cannot exclude each other"
_POLYAXON_KEEPS: Final = "Polyaxon controls the retention of runs"
_POLYAXON: Final = abilities(
    "pods schedule step-timeout retries resources gpu artifacts outputs secrets run-as-user read-only-root deadline",
    pods__topology_spread=no("a Polyaxon environment has no field for it", "placement.affinity.apart"),
    schedule__timezone=no("its schedules are read in UTC and have no field for a time zone", "timezone Etc/UTC"),
    on_change=no(_BY_HAND, "`polyaxon run` after the merge, or argo-workflows"),
    on_drift=no("a Polyaxon step has no permission to start another run", "a schedule"),
    conditional=no("conditions are not rendered", "argo-workflows"),
    exit_handler=no("a hook is part of the commercial edition"),
    mutex=no(_NO_QUEUE, "a queue of one, in the commercial edition"),
    mutexes=no(_NO_QUEUE, "a queue of one, in the commercial edition"),
    ttl=no(_POLYAXON_KEEPS),
    archive=no(_POLYAXON_KEEPS),
    pod_gc=no(_POLYAXON_KEEPS),
    gauges=no("a Polyaxon step exports no metric of its own", "a push gateway"),
    run_counts=no("Polyaxon exports no Prometheus metrics of runs", "Polyaxon's own notifications"),
    run_failures=no("Polyaxon exports no Prometheus metrics of runs", "Polyaxon's own notifications"),
    restricted_pods=no("Polyaxon controls the containers that it adds to a step"),
)

FACTS: Final = (
    Facts(
        "pipelines",
        "polyaxon",
        ("2.18",),
        "2.18",
        capabilities=_POLYAXON,
        folder="polyaxon",
    ),
)
