"""The engines that may serve, and what each can do: Seldon Core 2.10 and 1.18, KServe 0.20, MLServer 1.7."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.ability import YES, Ability, Engine, abilities, no, since

_BSL2: Final = "Seldon Core 2.7 and newer is under the Business Source License: production use needs a licence"
_BSL1: Final = "Seldon Core 1.18 and newer is under the Business Source License: production use needs a licence"
_REPLICA_STAYS: Final = "one copy always stays up"
_KNATIVE: Final = "cpu, or serving.mode Knative"

_SELDON2: Final = abilities(
    "canary canary.exact canary.autoscale canary.shift shadow shadow.percent autoscale.rps autoscale.lag "
    "error-ratio error-ratio.pipeline error-ratio.model latency.pipeline online-features explainer "
    "drift-detector",
    latency__model=no(
        "Seldon 2 has no latency histogram of a single Model",
        "give the endpoint `features`, so that it becomes a Pipeline",
    ),
    autoscale__cpu=no("Models share a Server, so its CPU says nothing about one Model", "rps or lag"),
    autoscale__memory=no("Models share a Server, so its memory says nothing about one Model", "rps or lag"),
    autoscale__concurrency=no("Seldon 2 exports no requests in flight", "rps or lag"),
    scale_to_zero=no(_REPLICA_STAYS, "replicas.min 1"),
)
_SELDON1: Final = abilities(
    "canary canary.exact canary.autoscale canary.shift shadow shadow.percent autoscale.cpu autoscale.memory "
    "autoscale.rps error-ratio error-ratio.deployment latency.deployment online-features explainer",
    autoscale__lag=no("Seldon 1 has no queue between its steps", "rps"),
    autoscale__concurrency=no("Seldon 1 exports no requests in flight", "rps"),
    scale_to_zero=no(_REPLICA_STAYS, "replicas.min 1"),
    drift_detector=no("Seldon 1 runs detectors as deployments of their own", "checks.live.drift"),
)
_BLIND: Final = no("KServe's own servers do not export whether a request failed", "an objective with `threshold`")
_KSERVE: Final[Mapping[str, Ability]] = MappingProxyType(
    {
        **abilities(
            "latency.service error-ratio.model canary.shift online-features explainer autoscale.cpu autoscale.memory",
            canary=since("0.20", "Standard mode has canaries from KServe 0.20", "strategy direct, or mode Knative"),
            canary__exact=no(
                "Standard mode splits by the number of copies", "replicas.min that makes the share come out"
            ),
            canary__autoscale=no("in Standard mode a canary does not scale", "strategy direct, or mode Knative"),
            shadow=no("KServe mirrors no traffic", "strategy canary or direct"),
            shadow__percent=no("KServe mirrors no traffic", "strategy canary or direct"),
            autoscale__rps=no("Standard mode scales on cpu and memory alone", _KNATIVE),
            autoscale__concurrency=no("Standard mode scales on cpu and memory alone", _KNATIVE),
            autoscale__lag=no("KServe has no queue between its steps", "cpu"),
            error_ratio=_BLIND,
            error_ratio__service=_BLIND,
            latency__model=no("MLServer exports a summary without quantiles", "flavor sklearn or xgboost"),
            scale_to_zero=no("Standard mode keeps one copy up", "replicas.min 1, or mode Knative"),
            drift_detector=no("KServe has no place for a detector", "checks.live.drift"),
        ),
        "canary@Knative": Ability(True),
        "canary.exact@Knative": Ability(True),
        "canary.autoscale@Knative": Ability(True),
        "autoscale.rps@Knative": Ability(True),
        "autoscale.concurrency@Knative": Ability(True),
        "autoscale.cpu@Knative": no("Knative scales on rps and concurrency", "rps, or serving.mode Standard"),
        "autoscale.memory@Knative": no("Knative scales on rps and concurrency", "rps, or serving.mode Standard"),
        "scale-to-zero@Knative": Ability(True),
    }
)
_ONE_PROCESS: Final = no("MLServer alone is one process without a router", "seldon or kserve")
_MLSERVER: Final = abilities(
    "error-ratio error-ratio.model online-features",
    canary=_ONE_PROCESS,
    canary__exact=_ONE_PROCESS,
    canary__autoscale=_ONE_PROCESS,
    canary__shift=_ONE_PROCESS,
    shadow=_ONE_PROCESS,
    shadow__percent=_ONE_PROCESS,
    autoscale__rps=_ONE_PROCESS,
    autoscale__cpu=_ONE_PROCESS,
    autoscale__memory=_ONE_PROCESS,
    autoscale__lag=_ONE_PROCESS,
    autoscale__concurrency=_ONE_PROCESS,
    latency__model=no("MLServer exports a summary without quantiles", "an objective without `threshold`"),
    scale_to_zero=_ONE_PROCESS,
    explainer=no("explainers are not rendered for a local server", "seldon or kserve"),
    drift_detector=no("detectors are not rendered for a local server", "checks.live.drift"),
)

_IN_FLIGHT: Final = no("Cortex scales on requests in flight alone", "concurrency")
_CORTEX: Final = abilities(
    "canary canary.exact canary.autoscale shadow shadow.percent autoscale.concurrency scale-to-zero",
    canary__shift=no("no run can change a TrafficSplitter, only `cortex deploy` can", "change the steps in Git"),
    autoscale__rps=_IN_FLIGHT,
    autoscale__cpu=_IN_FLIGHT,
    autoscale__memory=_IN_FLIGHT,
    autoscale__lag=_IN_FLIGHT,
    error_ratio=no("nothing that Cortex exports is in the catalogue", "seldon or kserve"),
    error_ratio__service=no("nothing that Cortex exports is in the catalogue", "seldon or kserve"),
    latency__service=no("nothing that Cortex exports is in the catalogue", "seldon or kserve"),
    online_features=YES,
    explainer=no("Cortex has no place for an explainer", "seldon or kserve"),
    drift_detector=no("Cortex has no place for a detector", "checks.live.drift"),
)
_CORTEX_END: Final = (
    "Cortex has had no release since September 2022 and its authors no longer maintain it: it runs on AWS EKS alone"
)

ENGINES: Final = (
    Engine("serving", "seldon", ("2",), "2", "proprietary", _BSL2, _SELDON2),
    Engine("serving", "seldon", ("1",), "1", "proprietary", _BSL1, _SELDON1),
    Engine("serving", "kserve", ("0.17", "0.18", "0.19", "0.20"), "0.20", capabilities=_KSERVE),
    Engine("serving", "mlserver", ("1.7",), "1.7", capabilities=_MLSERVER),
    Engine("serving", "cortex", ("0.42",), "0.42", "unmaintained", "", _CORTEX, _CORTEX_END),
)
