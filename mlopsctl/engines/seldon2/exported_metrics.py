"""What Seldon Core 2 exports: its agents per model, its pipeline gateway per pipeline."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import counter, gauge, histogram

_AGENT: Final = "seldon-core@v2.10.2:scheduler/pkg/metrics/agent.go"
_GATEWAY: Final = "seldon-core@v2.10.2:scheduler/pkg/metrics/gateway.go"
_REPLICA: Final = "server server_replica"
_MODEL: Final = "server server_replica model model_internal method_type code"
_PIPELINE: Final = "server pipeline method_type code"

METRICS: Final = (
    counter("seldon_model_infer_total", _MODEL, _AGENT),
    counter("seldon_model_infer_seconds_total", _MODEL, _AGENT),
    # One histogram for all models of a server: no latency quantile of a single model can be read from it.
    histogram("seldon_model_infer_api_seconds", f"{_REPLICA} method code", source=_AGENT),
    counter("seldon_model_aggregate_infer_total", f"{_REPLICA} method_type", _AGENT),
    counter("seldon_model_aggregate_infer_seconds_total", f"{_REPLICA} method_type", _AGENT),
    gauge("seldon_loaded_model_gauge", f"{_REPLICA} model_internal", _AGENT),
    gauge("seldon_loaded_model_memory_bytes_gauge", f"{_REPLICA} model_internal", _AGENT),
    gauge("seldon_evicted_model_memory_bytes_gauge", f"{_REPLICA} model_internal", _AGENT),
    counter("seldon_cache_evict_count", _REPLICA, _AGENT),
    counter("seldon_cache_miss_count", _REPLICA, _AGENT),
    counter("seldon_load_model_counter", _REPLICA, _AGENT),
    counter("seldon_unload_model_counter", _REPLICA, _AGENT),
    gauge("seldon_server_replica_memory_capacity_bytes_gauge", _REPLICA, _AGENT),
    gauge("seldon_server_replica_memory_capacity_overcommit_bytes_gauge", _REPLICA, _AGENT),
    counter("seldon_pipeline_infer_total", _PIPELINE, _GATEWAY),
    counter("seldon_pipeline_infer_seconds_total", _PIPELINE, _GATEWAY),
    histogram("seldon_pipeline_infer_api_seconds", "server pipeline method code", source=_GATEWAY),
    counter("seldon_pipeline_aggregate_infer_total", "server method_type", _GATEWAY),
    counter("seldon_pipeline_aggregate_infer_seconds_total", "server method_type", _GATEWAY),
)
