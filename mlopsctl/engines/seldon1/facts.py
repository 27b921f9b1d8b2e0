"""Facts of Seldon Core 1: versions and capabilities."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue import pods
from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.catalogue.flavors import PACKAGED, Served
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.catalogue.signal import Signal
from mlopsctl.engines.base import Exporter, Facts, KindFacts, Serving, Traffic
from mlopsctl.engines.seldon1.conventions import ENDPOINT_LABEL
from mlopsctl.engines.shared.errors import ANY_ERROR

_BSL1: Final = "Seldon Core 1.18 and newer is under the Business Source License: production use needs a licence"
_REPLICA_STAYS: Final = "at least one replica always runs"
_SELDON1: Final = abilities(
    "pods canary canary.exact canary.autoscale canary.shift shadow shadow.percent autoscale.cpu autoscale.memory "
    "autoscale.rps error-ratio error-ratio.deployment latency.deployment online-features explainer",
    pods__queue=pods.NO_QUEUE,
    autoscale__lag=no("Seldon 1 has no queue between its steps", "rps"),
    autoscale__concurrency=no("Seldon 1 exports no metric of requests in flight", "rps"),
    scale_to_zero=no(_REPLICA_STAYS, "replicas.min 1"),
    drift_detector=no("Seldon 1 runs detectors as separate deployments", "checks.live.drift"),
)

_GROUP: Final = "machinelearning.seldon.io"
_SCRAPES: Final = (
    ScrapeTarget(
        "seldon-deployments",
        "pod",
        MappingProxyType({"app.kubernetes.io/managed-by": "seldon-core"}),
        "metrics",
        "/prometheus",
    ),
)
_SERVING: Final = Serving(
    rolled="Seldon loads the new version, then unloads the old one",
    packaged=Served(("MLFLOW_SERVER",), "", "deployment", PACKAGED),
    signals=MappingProxyType(
        {
            "deployment": Signal(
                "deployment_name",
                "predictor_name",
                requests="seldon_api_executor_server_requests_seconds_count",
                error_codes=ANY_ERROR,
                latency="seldon_api_executor_server_requests_seconds",
            )
        }
    ),
    traffic=Traffic(
        _GROUP,
        "v1",
        "seldondeployments",
        "mlopsctl.engines.seldon1.shift:edit",
        tuple((_GROUP, "SeldonDeployment", f"/spec/predictors/{half}/traffic") for half in (0, 1)),
    ),
    endpoint_label=ENDPOINT_LABEL,
)

KINDS: Final = MappingProxyType(
    {
        (_GROUP, "SeldonDeployment"): KindFacts(2, "health.lua"),
    }
)

FACTS: Final = (
    Facts(
        "serving",
        "seldon",
        ("1",),
        "1",
        "proprietary",
        _BSL1,
        _SELDON1,
        folder="seldon",
        kinds=KINDS,
        metrics=(Exporter("mlopsctl.engines.seldon1.exported_metrics"),),
        scrapes=_SCRAPES,
        serving=_SERVING,
    ),
)
