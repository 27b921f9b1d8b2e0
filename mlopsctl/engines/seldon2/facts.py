"""Facts of Seldon Core 2: versions and capabilities."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.catalogue.flavors import PACKAGED, Served
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.catalogue.signal import Signal
from mlopsctl.engines.base import Exporter, Facts, KindFacts, Serving, Traffic
from mlopsctl.engines.shared.errors import ANY_ERROR

_BSL2: Final = "Seldon Core 2.7 and newer is under the Business Source License: production use needs a licence"
_REPLICA_STAYS: Final = "at least one replica always runs"
_SELDON2: Final = abilities(
    "canary canary.exact canary.autoscale canary.shift shadow shadow.percent autoscale.rps autoscale.lag "
    "error-ratio error-ratio.pipeline error-ratio.model latency.pipeline online-features explainer "
    "drift-detector",
    pods=no(
        "a Model of Seldon 2 has no pods of its own: it runs in those of a Server",
        "the podSpec of the Server or ServerConfig",
    ),
    latency__model=no(
        "Seldon 2 has no latency histogram of a single Model",
        "give the endpoint `features`, so that it becomes a Pipeline",
    ),
    autoscale__cpu=no("Models share a Server, whose CPU usage cannot be attributed to one Model", "rps or lag"),
    autoscale__memory=no("Models share a Server, whose memory usage cannot be attributed to one Model", "rps or lag"),
    autoscale__concurrency=no("Seldon 2 exports no metric of requests in flight", "rps or lag"),
    scale_to_zero=no(_REPLICA_STAYS, "replicas.min 1"),
)

_GROUP: Final = "mlops.seldon.io"
_SERVERS: Final = MappingProxyType({"app.kubernetes.io/name": "seldon-server"})
_SCRAPES: Final = (
    ScrapeTarget("seldon-agent", "pod", _SERVERS, "metrics"),
    ScrapeTarget("seldon-inference", "pod", _SERVERS, "server-metrics"),
    ScrapeTarget(
        "seldon-pipelines", "pod", MappingProxyType({"app.kubernetes.io/name": "seldon-pipelinegateway"}), "metrics"
    ),
    ScrapeTarget(
        "seldon-envoy",
        "pod",
        MappingProxyType({"app.kubernetes.io/name": "seldon-envoy"}),
        "stats",
        "/stats/prometheus",
    ),
)
_SERVING: Final = Serving(
    rolled="Seldon loads the new version, then unloads the old one",
    packaged=Served(("mlflow",), "", "model", PACKAGED),
    lookup_kind="pipeline",
    signals=MappingProxyType(
        {
            "pipeline": Signal(
                "pipeline",
                requests="seldon_pipeline_infer_total",
                # The gateway reports no other failures than these.
                error_codes="5..|Internal|Unknown|FailedPrecondition",
                latency="seldon_pipeline_infer_api_seconds",
            ),
            "model": Signal("model", requests="seldon_model_infer_total", error_codes=ANY_ERROR),
        }
    ),
    traffic=Traffic(
        _GROUP,
        "v1alpha1",
        "experiments",
        "mlopsctl.engines.seldon2.shift:edit",
        ((_GROUP, "Experiment", "/spec/candidates"),),
    ),
    shared_servers=True,
    # A HorizontalPodAutoscaler writes to the Model. Seldon's own scaler, which follows lag, keeps its number to itself.
    autoscaled=MappingProxyType({"rps": ((_GROUP, "Model", "/spec/replicas"),)}),
)

KINDS: Final = MappingProxyType(
    {
        (_GROUP, "Model"): KindFacts(2, "health.lua"),
        (_GROUP, "Pipeline"): KindFacts(3, "health.lua"),
        (_GROUP, "Experiment"): KindFacts(4, "health.lua"),
    }
)

FACTS: Final = (
    Facts(
        "serving",
        "seldon",
        ("2",),
        "2",
        "proprietary",
        _BSL2,
        _SELDON2,
        folder="seldon",
        kinds=KINDS,
        metrics=(
            Exporter("mlopsctl.engines.seldon2.exported_metrics"),
            Exporter("mlopsctl.engines.mlserver.exported_metrics"),
        ),
        scrapes=_SCRAPES,
        serving=_SERVING,
    ),
)
