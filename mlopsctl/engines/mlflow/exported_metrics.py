"""The metrics of the MLflow server if it is started with a folder for metrics; none are about models."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import counter, gauge, histogram

_SOURCE: Final = "mlflow@v3.17.2:mlflow/server/prometheus_exporter.py"

METRICS: Final = (
    counter("mlflow_http_request_total", "method status", _SOURCE),
    counter("mlflow_http_request_exceptions_total", "method status", _SOURCE),
    histogram("mlflow_http_request_duration_seconds", "method status mlflow_version", source=_SOURCE),
    gauge("mlflow_exporter_info", "version", _SOURCE),
)
