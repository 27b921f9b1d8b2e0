"""Facts of cortex: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import YES, abilities, no
from mlopsctl.engines.base import Facts, Serving

_IN_FLIGHT: Final = no("Cortex scales on requests in flight alone", "concurrency")
_CORTEX: Final = abilities(
    "canary canary.exact canary.autoscale shadow shadow.percent autoscale.concurrency scale-to-zero",
    pods=no("a Cortex API has no field for it", "stack.serving.nodeGroups, or seldon or kserve"),
    canary__shift=no("only `cortex deploy` can change a TrafficSplitter, not a run", "change the steps in Git"),
    autoscale__rps=_IN_FLIGHT,
    autoscale__cpu=_IN_FLIGHT,
    autoscale__memory=_IN_FLIGHT,
    autoscale__lag=_IN_FLIGHT,
    error_ratio=no("the metrics of Cortex are not in the catalogue", "seldon or kserve"),
    error_ratio__service=no("the metrics of Cortex are not in the catalogue", "seldon or kserve"),
    latency__service=no("the metrics of Cortex are not in the catalogue", "seldon or kserve"),
    online_features=YES,
    explainer=no("Cortex has no explainers", "seldon or kserve"),
    drift_detector=no("Cortex has no detectors", "checks.live.drift"),
)
_CORTEX_END: Final = (
    "Cortex has had no release since September 2022 and its authors no longer maintain it; it runs only on AWS EKS"
)

FACTS: Final = (
    Facts(
        "serving",
        "cortex",
        ("0.42",),
        "0.42",
        "unmaintained",
        "",
        _CORTEX,
        _CORTEX_END,
        folder="cortex",
        serving=Serving(),
    ),
)
