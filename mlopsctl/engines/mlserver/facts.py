"""Facts of mlserver: versions, and what it can and cannot do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.catalogue.flavors import PACKAGED, Served
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.engines.base import Exporter, Facts, Serving
from mlopsctl.engines.shared.mlserver import METRICS_PORT, MLFLOW, SIGNAL

_ONE_PROCESS: Final = no("MLServer alone is a single process without a router", "seldon or kserve")
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
    pods=no("MLServer on one machine has no pods", "seldon or kserve"),
    explainer=no("explainers are not rendered for a local server", "seldon or kserve"),
    drift_detector=no("detectors are not rendered for a local server", "checks.live.drift"),
)

_SCRAPES: Final = (
    ScrapeTarget("mlserver", "pod", MappingProxyType({"app.kubernetes.io/name": "mlserver"}), METRICS_PORT),
)
_SERVING: Final = Serving(
    packaged=Served((MLFLOW,), "", "model", PACKAGED),
    signals=MappingProxyType({"model": SIGNAL}),
    namespaced=False,
)

FACTS: Final = (
    Facts(
        "serving",
        "mlserver",
        ("1.7",),
        "1.7",
        capabilities=_MLSERVER,
        metrics=(Exporter("mlopsctl.engines.mlserver.exported_metrics"),),
        scrapes=_SCRAPES,
        serving=_SERVING,
    ),
)
