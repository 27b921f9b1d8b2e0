"""What the Argo Workflows controller exports. Only the leader does; every name carries the prefix."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import OPENTELEMETRY, bounds, counter, gauge, histogram
from mlopsctl.engines.argo_workflows.facts import PREFIX

_SOURCE: Final = "argo-workflows@v4.1.2:util/telemetry/metrics_list.go"
_LOCK: Final = "type storage lock_name namespace"
_SLOW: Final = bounds("0.1 0.2 0.5 1 2 5 10 20 60 180")

_UNPREFIXED: Final = (
    histogram("client_rate_limiter_latency", "", bounds("0.01 0.1 0.5 1 5 10 30 60 180"), _SOURCE, "4.0"),
    counter("cronworkflows_concurrencypolicy_triggered", "name namespace concurrency_policy", _SOURCE),
    counter("cronworkflows_triggered_total", "name namespace", _SOURCE),
    counter("deprecated_feature", "feature namespace", _SOURCE),
    counter("error_count", "cause", _SOURCE),
    gauge("gauge", "phase", _SOURCE),
    gauge("is_leader", "", _SOURCE),
    histogram("k8s_request_duration", "kind verb status_code", _SLOW, _SOURCE),
    counter("k8s_request_total", "kind verb status_code", _SOURCE),
    gauge("locks_held", _LOCK, _SOURCE, "4.0"),
    gauge("locks_pending", _LOCK, _SOURCE, "4.0"),
    counter("locks_taken_total", _LOCK, _SOURCE, "4.0"),
    counter("log_messages", "level", _SOURCE),
    # The controller's environment decides these bounds.
    histogram("operation_duration_seconds", "", (), _SOURCE),
    counter("pod_missing", "node_phase recently_started", _SOURCE),
    counter("pod_pending_count", "reason namespace", _SOURCE),
    counter("pod_restarts_total", "reason condition namespace", _SOURCE, "4.0"),
    gauge("pods_gauge", "phase", _SOURCE),
    counter("pods_total_count", "phase namespace", _SOURCE),
    counter("queue_adds_count", "queue_name", _SOURCE),
    gauge("queue_depth_gauge", "queue_name", _SOURCE),
    histogram("queue_duration", "queue_name", _SLOW, _SOURCE),
    histogram("queue_latency", "queue_name", bounds("1 5 20 60 180"), _SOURCE),
    gauge("queue_longest_running", "queue_name", _SOURCE),
    counter("queue_retries", "queue_name", _SOURCE),
    gauge("queue_unfinished_work", "queue_name", _SOURCE),
    histogram("resource_rate_limiter_latency", "", bounds("0 0.1 0.5 1 5 10 30 60 180"), _SOURCE, "4.0"),
    counter("total_count", "phase namespace", _SOURCE),
    counter(
        "version",
        "version platform go_version build_date compiler git_commit git_tree_state git_tag",
        _SOURCE,
    ),
    gauge("workers_busy_count", "worker_type", _SOURCE),
    gauge("workflow_condition", "type status", _SOURCE),
    histogram("workflowtemplate_runtime", "name namespace cluster_scope", OPENTELEMETRY, _SOURCE),
    counter("workflowtemplate_triggered_total", "name namespace cluster_scope phase", _SOURCE),
)

METRICS: Final = tuple(metric._replace(name=PREFIX + metric.name) for metric in _UNPREFIXED)
