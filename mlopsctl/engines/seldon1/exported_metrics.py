"""The metrics of Seldon Core 1: of the executor in front of each predictor, and of detectors."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import gauge, histogram

_EXECUTOR: Final = "seldon-core@v1.18.2:executor/api/metric"
_DETECTOR: Final = "seldon-core@v1.18.2:components/alibi-detect-server/adserver"
_SERVER: Final = "deployment_name predictor_name predictor_version service method code"
_SERVED: Final = "deployment_name predictor_name predictor_version model_name model_image model_version"
_DETECTED: Final = f"index {_SERVED}"

METRICS: Final = (
    histogram("seldon_api_executor_server_requests_seconds", _SERVER, source=f"{_EXECUTOR}/server.go"),
    histogram(
        "seldon_api_executor_client_requests_seconds",
        f"{_SERVER} model_name model_image model_version",
        source=f"{_EXECUTOR}/client.go",
    ),
    gauge("seldon_metric_drift_counter", _DETECTED, f"{_DETECTOR}/cd_model.py"),
    gauge("seldon_metric_drift_is_drift", _DETECTED, f"{_DETECTOR}/cd_model.py"),
    gauge("seldon_metric_drift_distance", _DETECTED, f"{_DETECTOR}/cd_model.py"),
    gauge("seldon_metric_drift_p_val", _DETECTED, f"{_DETECTOR}/cd_model.py"),
    gauge("seldon_metric_drift_threshold", _DETECTED, f"{_DETECTOR}/cd_model.py"),
    gauge("seldon_metric_outlier_is_outlier", _DETECTED, f"{_DETECTOR}/od_model.py"),
    gauge("seldon_metric_outlier_instance_score", _DETECTED, f"{_DETECTOR}/od_model.py"),
)
