"""What the Feast feature server exports on port 8000, where metrics are switched on."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import bounds, counter, gauge, histogram

_SOURCE: Final = "feast@v0.66.0:sdk/python/feast/metrics.py"
_TRANSFORM: Final = bounds("0.001 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5")

METRICS: Final = (
    gauge("feast_feature_server_cpu_usage", "pid", _SOURCE),
    gauge("feast_feature_server_memory_usage", "pid", _SOURCE),
    counter("feast_feature_server_request_total", "endpoint status", _SOURCE),
    histogram(
        "feast_feature_server_request_latency_seconds",
        "endpoint feature_count feature_view_count",
        bounds("0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10"),
        _SOURCE,
    ),
    counter("feast_online_features_request_total", "", _SOURCE),
    histogram("feast_online_features_entity_count", "", bounds("1 5 10 25 50 100 250 500 1000"), _SOURCE),
    counter("feast_online_features_status_total", "feature_view status", _SOURCE),
    counter("feast_push_request_total", "push_source mode", _SOURCE),
    # Only the server's own process counts: a `feast materialize` pod shows up in none of these two.
    counter("feast_materialization_result_total", "feature_view status", _SOURCE),
    histogram(
        "feast_materialization_duration_seconds",
        "feature_view",
        bounds("1 5 10 30 60 120 300 600 1800 3600"),
        _SOURCE,
    ),
    histogram(
        "feast_feature_server_online_store_read_duration_seconds",
        "",
        bounds("0.001 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10"),
        _SOURCE,
    ),
    histogram("feast_feature_server_transformation_duration_seconds", "odfv_name mode", _TRANSFORM, _SOURCE),
    histogram("feast_feature_server_write_transformation_duration_seconds", "odfv_name mode", _TRANSFORM, _SOURCE),
    # Seconds since the last materialisation ended, not the age of the data.
    gauge("feast_feature_freshness_seconds", "feature_view project", _SOURCE),
    counter("feast_offline_store_request_total", "method status", _SOURCE),
    histogram(
        "feast_offline_store_request_latency_seconds",
        "method",
        bounds("0.1 0.5 1 5 10 30 60 120 300 600"),
        _SOURCE,
    ),
    histogram(
        "feast_offline_store_row_count",
        "method",
        bounds("100 1000 10000 100000 500000 1000000 5000000"),
        _SOURCE,
    ),
)
