"""Metrics of every monitored cluster: some of kube-state-metrics, cAdvisor and the kubelet."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import ANY_LABEL, counter, gauge

_STATE: Final = "kube-state-metrics:docs/metrics/workload"
_CADVISOR: Final = "cadvisor:docs/storage/prometheus.md"
_KUBELET: Final = "kubernetes:pkg/kubelet/metrics/collectors/volume_stats.go"
_POD: Final = "namespace pod uid"
_CONTAINER: Final = "namespace pod uid container"
_RESOURCE_LABELS: Final = "namespace pod uid container node resource unit"
_CRON: Final = "namespace cronjob"
_JOB: Final = "namespace job_name"
_HPA: Final = "namespace horizontalpodautoscaler"
_RUNNING: Final = "namespace pod container id image name"

METRICS: Final = (
    gauge("kube_pod_status_phase", f"{_POD} phase", _STATE),
    gauge("kube_pod_status_ready", f"{_POD} condition", _STATE),
    gauge("kube_pod_status_reason", f"{_POD} reason", _STATE),
    gauge("kube_pod_info", f"{_POD} node host_ip pod_ip created_by_kind created_by_name", _STATE),
    gauge("kube_pod_labels", f"{_POD} {ANY_LABEL}", _STATE),
    gauge("kube_pod_container_status_ready", _CONTAINER, _STATE),
    counter("kube_pod_container_status_restarts_total", _CONTAINER, _STATE),
    gauge("kube_pod_container_status_waiting_reason", f"{_CONTAINER} reason", _STATE),
    gauge("kube_pod_container_status_terminated_reason", f"{_CONTAINER} reason", _STATE),
    gauge("kube_pod_container_status_last_terminated_reason", f"{_CONTAINER} reason", _STATE),
    gauge("kube_pod_container_resource_requests", _RESOURCE_LABELS, _STATE),
    gauge("kube_pod_container_resource_limits", _RESOURCE_LABELS, _STATE),
    gauge("kube_deployment_spec_replicas", "namespace deployment", _STATE),
    gauge("kube_deployment_status_replicas", "namespace deployment", _STATE),
    gauge("kube_deployment_status_replicas_available", "namespace deployment", _STATE),
    gauge("kube_deployment_status_replicas_unavailable", "namespace deployment", _STATE),
    gauge("kube_statefulset_replicas", "namespace statefulset", _STATE),
    gauge("kube_statefulset_status_replicas_ready", "namespace statefulset", _STATE),
    gauge("kube_horizontalpodautoscaler_spec_min_replicas", _HPA, _STATE),
    gauge("kube_horizontalpodautoscaler_spec_max_replicas", _HPA, _STATE),
    gauge("kube_horizontalpodautoscaler_status_current_replicas", _HPA, _STATE),
    gauge("kube_horizontalpodautoscaler_status_desired_replicas", _HPA, _STATE),
    gauge("kube_cronjob_spec_suspend", _CRON, _STATE),
    gauge("kube_cronjob_status_active", _CRON, _STATE),
    gauge("kube_cronjob_next_schedule_time", _CRON, _STATE),
    gauge("kube_cronjob_status_last_schedule_time", _CRON, _STATE),
    gauge("kube_cronjob_status_last_successful_time", _CRON, _STATE),
    gauge("kube_job_owner", f"{_JOB} owner_kind owner_name owner_is_controller", _STATE),
    gauge("kube_job_status_active", _JOB, _STATE),
    gauge("kube_job_status_failed", f"{_JOB} reason", _STATE),
    gauge("kube_job_status_succeeded", _JOB, _STATE),
    gauge("kube_job_failed", f"{_JOB} condition", _STATE),
    gauge("kube_job_complete", f"{_JOB} condition", _STATE),
    gauge("kube_job_status_start_time", _JOB, _STATE),
    gauge("kube_job_status_completion_time", _JOB, _STATE),
    gauge("kube_persistentvolumeclaim_status_phase", "namespace persistentvolumeclaim phase", _STATE),
    gauge("kube_node_status_condition", "node condition status", _STATE),
    counter("container_cpu_usage_seconds_total", f"{_RUNNING} cpu", _CADVISOR),
    counter("container_cpu_cfs_periods_total", _RUNNING, _CADVISOR),
    counter("container_cpu_cfs_throttled_periods_total", _RUNNING, _CADVISOR),
    gauge("container_memory_working_set_bytes", _RUNNING, _CADVISOR),
    gauge("container_memory_rss", _RUNNING, _CADVISOR),
    counter("container_oom_events_total", _RUNNING, _CADVISOR),
    counter("container_network_receive_bytes_total", f"{_RUNNING} interface", _CADVISOR),
    counter("container_network_transmit_bytes_total", f"{_RUNNING} interface", _CADVISOR),
    gauge("kubelet_volume_stats_available_bytes", "namespace persistentvolumeclaim", _KUBELET),
    gauge("kubelet_volume_stats_capacity_bytes", "namespace persistentvolumeclaim", _KUBELET),
    gauge("kubelet_volume_stats_used_bytes", "namespace persistentvolumeclaim", _KUBELET),
)
