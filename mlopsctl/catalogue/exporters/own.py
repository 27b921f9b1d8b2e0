"""What the rendered stack exports itself: the steps' gauges, and the recording rules of the alerts.

The steps report under plain names. Argo Workflows puts its prefix in front of what a workflow reports; a
local run's text file and a KFP run's push keep the name as it is.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import Metric, counter, gauge

_STEPS: Final = "mlopsctl: live monitoring and training steps"
_RULES: Final = "mlopsctl: recording rules"
_SYSTEM: Final = "system environment"
_SLO: Final = "slo_id slo_name system environment endpoint"

WINDOWS: Final = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
"""The windows of the burn-rate alerts, shortest first."""

STEPS: Final = (
    gauge("mlops_drift_score", f"{_SYSTEM} column method", _STEPS),
    gauge("mlops_quality_score", f"{_SYSTEM} metric", _STEPS),
    gauge("mlops_feature_age_seconds", f"{_SYSTEM} view", _STEPS),
    counter("mlops_pipeline_runs_total", f"{_SYSTEM} pipeline status", _STEPS),
)


def _recorded(name: str, labels: str = _SLO) -> Metric:
    return gauge(name, labels, _RULES)


RECORDINGS: Final = (
    *(_recorded(f"mlops:slo_error:ratio_rate{window}", f"{_SLO} slo_window") for window in WINDOWS),
    _recorded("mlops:slo_error:ratio_period"),
    _recorded("mlops:slo_objective:ratio"),
    _recorded("mlops:slo_error_budget:ratio"),
    _recorded("mlops:slo_period:days"),
    _recorded("mlops:slo_burn_rate:ratio_rate5m"),
    _recorded("mlops:slo_burn_rate:ratio_period"),
    _recorded("mlops:slo_error_budget_remaining:ratio_period"),
)
