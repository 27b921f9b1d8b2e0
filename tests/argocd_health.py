"""The kinds whose health Argo CD judges itself, as its source lists them: the oracle of the engines' tables."""

from __future__ import annotations

from typing import Final

_ARGO: Final = "argoproj.io"
_MONITORING: Final = "monitoring.coreos.com"
_GRAFANA: Final = "grafana.integreatly.org"
_SECRETS: Final = "external-secrets.io"

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
