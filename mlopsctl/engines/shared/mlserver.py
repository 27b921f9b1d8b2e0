"""How MLServer reports, alone or as the server below another engine."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.signal import Signal

METRICS_PORT: Final = "8082"
"""MLServer has its metrics at a port of their own."""
MLFLOW: Final = "mlserver_mlflow.MLflowRuntime"
"""The implementation that serves MLflow's packages."""
SIGNAL: Final = Signal(
    "model", requests="model_infer_request_duration_count", failures="model_infer_request_failure_total"
)
"""The requests of a model."""
