"""What MLServer exports (MLServer 1.7.1, mlserver/handlers/dataplane.py)."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import counter, summary

METRICS: Final = (
    counter("model_infer_request_success_total", "model version"),
    counter("model_infer_request_failure_total", "model version"),
    summary("model_infer_request_duration", "model version"),
)
