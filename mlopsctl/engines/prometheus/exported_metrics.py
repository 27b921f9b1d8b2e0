"""Series that Prometheus itself writes, about scrapes, alerts and rules."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import ANY_LABEL, counter, gauge, summary

_SCRAPE: Final = "prometheus@v3.14.0:docs/concepts/jobs_instances.md"
_ALERTS: Final = "prometheus@v3.14.0:docs/configuration/alerting_rules.md"
_RULES: Final = "prometheus@v3.14.0:rules/group.go"

METRICS: Final = (
    gauge("up", "", _SCRAPE),
    gauge("scrape_duration_seconds", "", _SCRAPE),
    gauge("scrape_samples_scraped", "", _SCRAPE),
    gauge("scrape_samples_post_metric_relabeling", "", _SCRAPE),
    gauge("scrape_series_added", "", _SCRAPE),
    gauge("ALERTS", f"alertname alertstate {ANY_LABEL}", _ALERTS),
    gauge("ALERTS_FOR_STATE", f"alertname {ANY_LABEL}", _ALERTS),
    counter("prometheus_rule_evaluations_total", "rule_group", _RULES),
    counter("prometheus_rule_evaluation_failures_total", "rule_group", _RULES),
    counter("prometheus_rule_group_iterations_missed_total", "rule_group", _RULES),
    gauge("prometheus_rule_group_last_duration_seconds", "rule_group", _RULES),
    summary("prometheus_rule_group_duration_seconds", "quantile", _RULES),
    gauge("prometheus_tsdb_head_series", "", "prometheus@v3.14.0:tsdb/head.go"),
    gauge("process_resident_memory_bytes", "", "client_golang:prometheus/process_collector.go"),
    counter("process_cpu_seconds_total", "", "client_golang:prometheus/process_collector.go"),
    gauge("process_start_time_seconds", "", "client_golang:prometheus/process_collector.go"),
)
