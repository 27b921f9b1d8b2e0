"""The metrics of MLServer, as an engine or as the inference server of Seldon 2 and KServe."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import counter, gauge, histogram, summary

_DATAPLANE: Final = "MLServer@1.7.1:mlserver/handlers/dataplane.py"
_REST: Final = "MLServer@1.7.1:mlserver/rest/app.py, by starlette_exporter"
_GRPC: Final = "MLServer@1.7.1:mlserver/grpc/server.py, by py_grpc_prometheus"
_PARALLEL: Final = "MLServer@1.7.1:mlserver/parallel/dispatcher.py"
_GRPC_LABELS: Final = "grpc_type grpc_service grpc_method"

METRICS: Final = (
    # `version` is the one in the request's path, `None` if there is none.
    counter("model_infer_request_success_total", "model version", _DATAPLANE),
    counter("model_infer_request_failure_total", "model version", _DATAPLANE),
    summary("model_infer_request_duration", "model version", _DATAPLANE),
    counter("rest_server_requests_total", "app_name method path status_code", _REST),
    gauge("rest_server_requests_in_progress", "app_name method", _REST),
    # `path` is the route's template, so one series stands for all models of the server.
    histogram("rest_server_request_duration_seconds", "app_name method path status_code", source=_REST),
    counter("grpc_server_started_total", _GRPC_LABELS, _GRPC),
    counter("grpc_server_handled_total", f"{_GRPC_LABELS} grpc_code", _GRPC),
    counter("grpc_server_msg_received_total", _GRPC_LABELS, _GRPC),
    counter("grpc_server_msg_sent_total", _GRPC_LABELS, _GRPC),
    histogram("grpc_server_handling_seconds", _GRPC_LABELS, source=_GRPC),
    histogram("grpc_server_handled_latency_seconds", _GRPC_LABELS, source=_GRPC),
    histogram("parallel_request_queue", source=_PARALLEL),
    histogram(
        "seldon_model_drift",
        "model_name model_version",
        source="MLServer@1.7.1:runtimes/alibi-detect/mlserver_alibi_detect/runtime.py",
    ),
)
