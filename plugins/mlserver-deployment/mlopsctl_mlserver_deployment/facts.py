"""Facts of the engine: versions, capabilities, kinds, metrics and signals. Nothing here imports a renderer."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue import pods
from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.catalogue.flavors import PACKAGED, Served
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.catalogue.signal import Signal
from mlopsctl.engines.base import ARGO_CD, IMMEDIATE, Exporter, Facts, KindFacts, Serving

NAME: Final = "mlserver-deployment"
METRICS_PORT: Final = "metrics"
ENDPOINT_LABEL: Final = "app.kubernetes.io/instance"
COMPONENT: Final = "model-server"

_NO_ROUTER: Final = no("nothing in front of the pods splits or mirrors requests", "strategy direct, seldon or kserve")
_UTILISATION: Final = no("a HorizontalPodAutoscaler follows cpu and memory alone", "cpu")
_CAPABILITIES: Final = abilities(
    "pods autoscale.cpu autoscale.memory error-ratio error-ratio.model online-features",
    pods__queue=pods.NO_QUEUE,
    canary=_NO_ROUTER,
    canary__exact=_NO_ROUTER,
    canary__autoscale=_NO_ROUTER,
    canary__shift=_NO_ROUTER,
    shadow=_NO_ROUTER,
    shadow__percent=_NO_ROUTER,
    autoscale__rps=_UTILISATION,
    autoscale__lag=_UTILISATION,
    autoscale__concurrency=_UTILISATION,
    scale_to_zero=no("a HorizontalPodAutoscaler keeps at least one replica", "replicas.min 1"),
    latency__model=no("MLServer exports a summary without quantiles", "an objective without `threshold`"),
    explainer=no("explainers are not rendered", "seldon or kserve"),
    drift_detector=no("detectors are not rendered", "checks.live.drift"),
)
KINDS: Final = MappingProxyType(
    {
        ("", "ConfigMap"): KindFacts(-1, IMMEDIATE),
        ("", "Service"): KindFacts(2, ARGO_CD),
        ("apps", "Deployment"): KindFacts(2, ARGO_CD),
        ("autoscaling", "HorizontalPodAutoscaler"): KindFacts(4, ARGO_CD),
    }
)
_SERVING: Final = Serving(
    packaged=Served(("mlserver_mlflow.MLflowRuntime",), "", "model", PACKAGED),
    signals=MappingProxyType(
        {
            "model": Signal(
                "model", requests="model_infer_request_duration_count", failures="model_infer_request_failure_total"
            )
        }
    ),
    endpoint_label=ENDPOINT_LABEL,
)

FACTS: Final = (
    Facts(
        "serving",
        NAME,
        ("1.7",),
        "1.7",
        capabilities=_CAPABILITIES,
        folder=NAME,
        kinds=KINDS,
        metrics=(Exporter("mlopsctl_mlserver_deployment.exported_metrics"),),
        scrapes=(
            ScrapeTarget("mlserver", "pod", MappingProxyType({"app.kubernetes.io/component": COMPONENT}), METRICS_PORT),
        ),
        serving=_SERVING,
    ),
)
