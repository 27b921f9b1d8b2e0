"""Ports and series of MLServer, as an engine or as the server of another engine."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.signal import Signal

METRICS_PORT: Final = "8082"
"""The metrics port of MLServer."""
MLFLOW: Final = "mlserver_mlflow.MLflowRuntime"
"""The implementation that serves MLflow packages."""
SIGNAL: Final = Signal(
    "model", requests="model_infer_request_duration_count", failures="model_infer_request_failure_total"
)
"""The series of a model's requests."""
