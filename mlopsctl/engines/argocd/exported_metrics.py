"""What the Argo CD application controller exports about applications and their syncs."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import ANY_LABEL, bounds, counter, gauge, histogram

_SOURCE: Final = "argo-cd@v3.5.1:docs/operator-manual/metrics.md"
_APP: Final = "namespace name project"

METRICS: Final = (
    gauge(
        "argocd_app_info",
        f"{_APP} autosync_enabled repo dest_server dest_namespace sync_status health_status operation",
        _SOURCE,
    ),
    gauge("argocd_app_labels", f"{_APP} {ANY_LABEL}", _SOURCE),
    counter("argocd_app_sync_total", f"{_APP} dest_server phase dry_run", _SOURCE),
    counter("argocd_app_sync_duration_seconds_total", f"{_APP} dest_server", _SOURCE, "3.1"),
    gauge("argocd_app_orphaned_resources_count", _APP, _SOURCE),
    histogram("argocd_app_reconcile", "namespace dest_server", bounds("0.25 0.5 1 2 4 8 16"), _SOURCE),
    gauge("argocd_cluster_connection_status", "server k8s_version", _SOURCE),
)
