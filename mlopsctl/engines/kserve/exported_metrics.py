"""Metrics of KServe's own model servers; none counts failed requests."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import histogram

_SOURCE: Final = "kserve@v0.20.0:python/kserve/kserve/metrics.py"

METRICS: Final = (
    histogram("request_preprocess_seconds", "model_name", source=_SOURCE),
    histogram("request_predict_seconds", "model_name", source=_SOURCE),
    histogram("request_postprocess_seconds", "model_name", source=_SOURCE),
    histogram("request_explain_seconds", "model_name", source=_SOURCE),
)
