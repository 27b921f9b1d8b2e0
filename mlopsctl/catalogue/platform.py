"""Facts about the platform: scrape targets of Prometheus, severities, sync waves of Argo CD."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

SCRAPE_INTERVAL: Final = "30s"
"""The scrape interval: a rate needs four samples, and the shortest window of an objective contains ten."""


class ScrapeTarget(NamedTuple):
    """A scrape target: pods or a service with these labels, at a port by name or number.

    `self_signed` asks the monitor to skip verifying the certificate; `honor_labels` keeps the exporter's own
    `namespace`, which the scrape would rename. `reads` is the port of the metrics, if it differs from `port`, the
    port that the pod declares.
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


# --- Argo CD ---

_RBAC: Final = "rbac.authorization.k8s.io"

SYNC_WAVES: Final[Mapping[tuple[str, str], int]] = MappingProxyType(
    {
        ("", "Namespace"): -2,
        ("", "ServiceAccount"): -2,
        (_RBAC, "Role"): -2,
        (_RBAC, "RoleBinding"): -2,
        ("", "ConfigMap"): -1,
        ("batch", "CronJob"): 1,
        ("autoscaling", "HorizontalPodAutoscaler"): 4,
        ("keda.sh", "ScaledObject"): 4,
    }
)
"""The wave of each (API group, kind) that belongs to no engine: objects of earlier waves are needed by later ones.

A wave waits for the health of the previous one, and servers may never become healthy: rules and schedules (1) come
before serving objects (2 to 4), and dashboards (5), which nothing needs, come last.
"""

Owned = tuple[str, str, str]
"""An API group, a kind, and the JSON pointer of a field that a controller writes."""
