"""Facts of KServe: versions and capabilities."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue import pods
from mlopsctl.catalogue.capability import Capability, abilities, no, since
from mlopsctl.catalogue.flavors import PACKAGED, Served
from mlopsctl.catalogue.platform import ScrapeTarget
from mlopsctl.catalogue.signal import Signal
from mlopsctl.engines.base import ARGO_CD, IMMEDIATE, Exporter, Facts, KindFacts, Serving, Traffic
from mlopsctl.engines.kserve.conventions import GROUP, INFERENCE_SERVICE_LABEL, RUNTIME, SERVING_PORT
from mlopsctl.engines.shared.mlserver import METRICS_PORT, SIGNAL

_BLIND: Final = no("KServe's own servers do not export whether a request failed", "an objective with `threshold`")
_FLAGS: Final = {
    "node-selector": "nodeselector",
    "tolerations": "tolerations",
    "affinity": "affinity",
    "priority-class": "priorityclassname",
    "topology-spread": "topologyspreadconstraints",
    "volumes.claim": "persistent-volume-claim",
}
"""Settings of pods that Knative refuses until the cluster turns the flag on."""


def _flagged(flag: str) -> Capability:
    return no(
        f"Knative refuses it unless the cluster's flag `kubernetes.podspec-{flag}` is enabled",
        "serving.mode Standard, or the flag",
    )


_KNATIVE: Final = "cpu, or serving.mode Knative"
_KSERVE: Final[Mapping[str, Capability]] = MappingProxyType(
    {
        **{f"{pods.field(name)}@Knative": _flagged(flag) for name, flag in _FLAGS.items()},
        **abilities(
            "pods latency.service error-ratio.model canary.shift online-features explainer autoscale.cpu "
            "autoscale.memory",
            pods__queue=pods.NO_QUEUE,
            canary=since("0.20", "Standard mode has canaries from KServe 0.20", "strategy direct, or mode Knative"),
            canary__exact=no(
                "Standard mode splits traffic by whole replicas", "a replicas.min that makes every share exact"
            ),
            canary__autoscale=no("in Standard mode a canary does not scale", "strategy direct, or mode Knative"),
            shadow=no("KServe cannot mirror traffic", "strategy canary or direct"),
            shadow__percent=no("KServe cannot mirror traffic", "strategy canary or direct"),
            autoscale__rps=no("Standard mode scales on cpu and memory only", _KNATIVE),
            autoscale__concurrency=no("Standard mode scales on cpu and memory only", _KNATIVE),
            autoscale__lag=no("KServe has no queue between its steps", "cpu"),
            error_ratio=_BLIND,
            error_ratio__service=_BLIND,
            latency__model=no("MLServer exports a summary without quantiles", "flavor sklearn or xgboost"),
            scale_to_zero=no("Standard mode keeps at least one replica", "replicas.min 1, or mode Knative"),
            drift_detector=no("KServe has no detectors", "checks.live.drift"),
        ),
        "canary@Knative": Capability(True),
        "canary.exact@Knative": Capability(True),
        "canary.autoscale@Knative": Capability(True),
        "autoscale.rps@Knative": Capability(True),
        "autoscale.concurrency@Knative": Capability(True),
        "autoscale.cpu@Knative": no("Knative scales on rps and concurrency", "rps, or serving.mode Standard"),
        "autoscale.memory@Knative": no("Knative scales on rps and concurrency", "rps, or serving.mode Standard"),
        "scale-to-zero@Knative": Capability(True),
    }
)

_NATIVE: Final = (
    "KServe's own server reads the model file inside the MLflow package, and only that server has a latency "
    "histogram; the model must be logged as that file and without an input example"
)
# The selector lacks the InferenceService's name, which `endpoint_label` carries.
_SCRAPES: Final = (ScrapeTarget("kserve-predictor", "pod", MappingProxyType({"component": "predictor"}), SERVING_PORT),)
_SERVING: Final = Serving(
    rolled="KServe starts new pods, and stops the old ones once the new ones are ready",
    relabelled="KServe copies the labels to its pods, which restarts them",
    packaged=Served(("mlflow",), "kserve-mlserver", "model", PACKAGED),
    native=MappingProxyType(
        {
            "sklearn": Served(("sklearn",), "kserve-sklearnserver", "service", _NATIVE),
            "xgboost": Served(("xgboost",), "kserve-xgbserver", "service", _NATIVE),
        }
    ),
    signals=MappingProxyType(
        {
            "service": Signal(
                "model_name", requests="request_predict_seconds_count", latency="request_predict_seconds"
            ),
            # An InferenceService whose runtime is kserve-mlserver reports as MLServer does, at MLServer's port.
            "model": SIGNAL,
        }
    ),
    candidate_apart=False,
    traffic=Traffic(
        GROUP,
        "v1beta1",
        "inferenceservices",
        "mlopsctl.engines.kserve.shift:edit",
        (
            (GROUP, "InferenceService", "/spec/canary/0/trafficPercent"),
            (GROUP, "InferenceService", "/spec/predictor/canaryTrafficPercent"),
        ),
    ),
    endpoint_label=INFERENCE_SERVICE_LABEL,
    metrics_ports=MappingProxyType({"model": METRICS_PORT}),
)

_MODE: Final = ("metadata", "annotations", f"{GROUP}/deploymentMode")

KINDS: Final = MappingProxyType(
    {
        (GROUP, RUNTIME): KindFacts(-1, IMMEDIATE),
        (GROUP, "InferenceService"): KindFacts(2, ARGO_CD, fixed=(_MODE,)),
    }
)

FACTS: Final = (
    Facts(
        "serving",
        "kserve",
        ("0.17", "0.18", "0.19", "0.20"),
        "0.20",
        capabilities=_KSERVE,
        folder="kserve",
        kinds=KINDS,
        metrics=(
            Exporter("mlopsctl.engines.kserve.exported_metrics"),
            Exporter("mlopsctl.engines.mlserver.exported_metrics"),
        ),
        scrapes=_SCRAPES,
        serving=_SERVING,
    ),
)
