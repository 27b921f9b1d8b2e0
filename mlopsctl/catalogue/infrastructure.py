"""Facts about the platform: what Prometheus scrapes, how loud an alert is, in which order Argo CD applies.

In: engine names, API groups and kinds. Out: frozen values. Never writes a manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

SCRAPE_INTERVAL: Final = "30s"
"""How often targets are scraped: a rate needs four samples, and the shortest window of an objective has ten."""


class ScrapeTarget(NamedTuple):
    """Something Prometheus scrapes: pods or a service with these labels, at a named port or a number.

    `self_signed` asks the monitor to skip verifying the certificate; `honor_labels` keeps the exporter's own
    `namespace`, which the scrape would rename. `reads` is the port that has the metrics, where that is not `port`, the
    one the pod declares.
    """

    name: str
    kind: Literal["pod", "service"]
    selector: Mapping[str, str]
    port: str
    path: str = "/metrics"
    scheme: Literal["http", "https"] = "http"
    self_signed: bool = False
    honor_labels: bool = False
    reads: str = ""


_NAME: Final = "app.kubernetes.io/name"


def _named(name: str) -> Mapping[str, str]:
    return MappingProxyType({_NAME: name})


INFERENCE_SERVICE_LABEL: Final = "serving.kserve.io/inferenceservice"
"""KServe puts the InferenceService's name in this label of its pods."""

SERVING_PORT: Final = "8080"
"""Where KServe expects a server to answer; its runtimes do not declare it, and a scrape finds declared ports alone."""
MLSERVER_METRICS: Final = "8082"
"""MLServer has its metrics at a port of their own; KServe's runtime for it changes only the one that answers."""

_KFP_API: Final = ScrapeTarget("kfp-api", "pod", MappingProxyType({"app": "ml-pipeline"}), "8888")
_TARGETS: Final[Mapping[str, tuple[ScrapeTarget, ...]]] = MappingProxyType(
    {
        "seldon-2": (
            ScrapeTarget("seldon-agent", "pod", _named("seldon-server"), "metrics"),
            ScrapeTarget("seldon-inference", "pod", _named("seldon-server"), "server-metrics"),
            ScrapeTarget("seldon-pipelines", "pod", _named("seldon-pipelinegateway"), "metrics"),
            ScrapeTarget("seldon-envoy", "pod", _named("seldon-envoy"), "stats", "/stats/prometheus"),
        ),
        "seldon-1": (
            ScrapeTarget(
                "seldon-deployments",
                "pod",
                MappingProxyType({"app.kubernetes.io/managed-by": "seldon-core"}),
                "metrics",
                "/prometheus",
            ),
        ),
        # The selector lacks the InferenceService's name: see INFERENCE_SERVICE_LABEL.
        "kserve": (
            ScrapeTarget("kserve-predictor", "pod", MappingProxyType({"component": "predictor"}), SERVING_PORT),
        ),
        "mlserver": (ScrapeTarget("mlserver", "pod", _named("mlserver"), "8082"),),
        "argo-workflows": (
            ScrapeTarget(
                "argo-workflows-controller",
                "service",
                MappingProxyType({"app": "workflow-controller"}),
                "metrics",
                "/metrics",
                "https",
                self_signed=True,
                honor_labels=True,
            ),
        ),
        "kfp": (_KFP_API,),
        "kale": (_KFP_API,),
        "feast": (ScrapeTarget("feast-server", "pod", _named("feast-server"), "8000"),),
    }
)


def scrape_targets(engine: str, version: str) -> tuple[ScrapeTarget, ...]:
    """List what Prometheus must scrape to see an engine's metrics."""
    return _TARGETS.get(f"{engine}-{version.partition('.')[0]}" if engine == "seldon" else engine, ())


SEVERITIES: Final = ("page", "ticket")
"""How loud an alert is, loudest first."""
COMMON_SEVERITY: Final[Mapping[str, str]] = MappingProxyType({"page": "critical", "ticket": "warning"})
"""The words most Prometheus installations route by."""

# --- Argo CD ---

_ARGO: Final = "argoproj.io"
_SELDON2: Final = "mlops.seldon.io"
_KFP: Final = "pipelines.kubeflow.org"
_MONITORING: Final = "monitoring.coreos.com"
_GRAFANA: Final = "grafana.integreatly.org"
_RBAC: Final = "rbac.authorization.k8s.io"
_SECRETS: Final = "external-secrets.io"

SYNC_WAVES: Final[Mapping[tuple[str, str], int]] = MappingProxyType(
    {
        ("", "Namespace"): -2,
        ("", "ServiceAccount"): -2,
        (_RBAC, "Role"): -2,
        (_RBAC, "RoleBinding"): -2,
        (_SECRETS, "ExternalSecret"): -2,
        (_SECRETS, "SecretStore"): -2,
        ("", "ConfigMap"): -1,
        ("kubeflow.org", "PodDefault"): -1,
        ("feast.dev", "FeatureStore"): -1,
        (_ARGO, "WorkflowTemplate"): 0,
        (_KFP, "Pipeline"): 0,
        (_SELDON2, "Model"): 0,
        ("machinelearning.seldon.io", "SeldonDeployment"): 0,
        ("serving.kserve.io", "InferenceService"): 0,
        (_KFP, "PipelineVersion"): 1,
        (_SELDON2, "Pipeline"): 1,
        (_ARGO, "CronWorkflow"): 1,
        ("batch", "CronJob"): 1,
        (_SELDON2, "Experiment"): 2,
        ("autoscaling", "HorizontalPodAutoscaler"): 2,
        ("keda.sh", "ScaledObject"): 2,
        (_MONITORING, "PrometheusRule"): 3,
        (_MONITORING, "PodMonitor"): 3,
        (_MONITORING, "ServiceMonitor"): 3,
        (_MONITORING, "AlertmanagerConfig"): 3,
        (_GRAFANA, "GrafanaDashboard"): 3,
        (_GRAFANA, "GrafanaFolder"): 3,
    }
)
"""The wave of each (API group, kind): what is applied early is needed by what comes later."""

BUILT_IN_HEALTH: Final = frozenset(
    {
        *((_ARGO, kind) for kind in ("Workflow", "CronWorkflow", "Rollout", "AnalysisRun", "Experiment")),
        *((_ARGO, kind) for kind in ("EventBus", "ApplicationSet")),
        ("serving.kserve.io", "InferenceService"),
        ("keda.sh", "ScaledObject"),
        ("keda.sh", "ScaledJob"),
        *((_SECRETS, kind) for kind in ("ExternalSecret", "SecretStore", "ClusterSecretStore")),
        *((_SECRETS, kind) for kind in ("PushSecret", "ClusterExternalSecret")),
        *((_GRAFANA, f"Grafana{kind}") for kind in ("", "Dashboard", "Datasource", "Folder")),
        (_MONITORING, "Prometheus"),
        ("batch", "Job"),
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("", "Service"),
        ("", "PersistentVolumeClaim"),
        ("", "Pod"),
        ("autoscaling", "HorizontalPodAutoscaler"),
    }
)
"""(API group, kind) whose health Argo CD judges itself; every other kind counts as healthy at once."""

Owned = tuple[str, str, str]
"""An API group, a kind, and the JSON pointer of a field that something in the cluster writes."""

_MODEL_REPLICAS: Final[Owned] = (_SELDON2, "Model", "/spec/replicas")
_BY_ROLLOUT: Final[Mapping[str, tuple[Owned, ...]]] = MappingProxyType(
    {
        "seldon-2": ((_SELDON2, "Experiment", "/spec/candidates"),),
        "seldon-1": tuple(
            ("machinelearning.seldon.io", "SeldonDeployment", f"/spec/predictors/{half}/traffic") for half in (0, 1)
        ),
        "kserve": (
            ("serving.kserve.io", "InferenceService", "/spec/canary/0/trafficPercent"),
            ("serving.kserve.io", "InferenceService", "/spec/predictor/canaryTrafficPercent"),
        ),
    }
)


def owned_by_autoscaler(engine: str, version: str, metric: str | None = None) -> tuple[Owned, ...]:
    """List the fields that the scaler of a serving engine writes; `metric` is what it scales on, None any.

    Only a HorizontalPodAutoscaler on a Seldon 2 Model writes to an object of ours. The other engines scale
    Deployments that they make themselves, and Seldon's own scaler keeps its number to itself.
    """
    ours = engine == "seldon" and version.partition(".")[0] == "2" and metric in {None, "rps"}
    return (_MODEL_REPLICAS,) if ours else ()


def owned_by_rollout(engine: str, version: str) -> tuple[Owned, ...]:
    """List the fields that a rollout writes while it shifts traffic to a candidate."""
    return _BY_ROLLOUT.get(f"{engine}-{version.partition('.')[0]}" if engine == "seldon" else engine, ())


def sync_wave(group: str, kind: str) -> int:
    """Find the wave of a kind; 0 for one without a place of its own."""
    return SYNC_WAVES.get((group, kind), 0)


def has_health(group: str, kind: str) -> bool:
    """Tell whether Argo CD judges the kind's health, so that waves wait for it."""
    return (group, kind) in BUILT_IN_HEALTH
