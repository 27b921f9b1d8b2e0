"""Metrics that the rendered stack exports: the steps' gauges, and the recording rules of the alerts.

The steps use plain names. Argo Workflows adds its prefix to metrics of a workflow; a
local run's text file and a KFP run's push keep the name unchanged.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue import recordings
from mlopsctl.catalogue.metric import Metric, counter, gauge

_STEPS: Final = "mlopsctl: live monitoring and training steps"
_RULES: Final = "mlopsctl: recording rules"
_SYSTEM: Final = "system environment"
_SLO: Final = " ".join(recordings.LABELS)

RUNS: Final = "mlops_pipeline_runs_total"
RUN_ENDED: Final = "mlops_pipeline_run_ended_timestamp_seconds"
DRIFT: Final = "mlops_drift_score"
MISSING: Final = "mlops_missing_share"
QUALITY: Final = "mlops_quality_score"
TIMESTAMP: Final = "mlops_feature_timestamp_seconds"

STEPS: Final = (
    gauge(DRIFT, f"{_SYSTEM} column method", _STEPS),
    gauge(MISSING, f"{_SYSTEM} column", _STEPS),
    gauge(QUALITY, f"{_SYSTEM} metric", _STEPS),
    gauge(TIMESTAMP, f"{_SYSTEM} view", _STEPS),
    counter(RUNS, f"{_SYSTEM} pipeline status", _STEPS),
    gauge(RUN_ENDED, f"{_SYSTEM} pipeline status", _STEPS),
)


def _recorded(name: str, labels: str = _SLO) -> Metric:
    return gauge(name, labels, _RULES)


RECORDINGS: Final = (
    *(_recorded(recordings.error_ratio(window), f"{_SLO} {recordings.WINDOW_LABEL}") for window in recordings.WINDOWS),
    _recorded(recordings.PERIOD_ERROR),
    _recorded(recordings.OBJECTIVE),
    _recorded(recordings.BUDGET),
    _recorded(recordings.PERIOD_DAYS),
    # An objective records it over its shortest window.
    *(_recorded(recordings.burn_rate(window)) for window in recordings.WINDOWS),
    _recorded(recordings.PERIOD_BURN_RATE),
    _recorded(recordings.BUDGET_REMAINING),
    _recorded(recordings.LAST_SUCCESS, " ".join(recordings.RUN_LABELS)),
    _recorded(recordings.LAST_FAILURE, " ".join(recordings.RUN_LABELS)),
    _recorded(recordings.NEWEST_ROW, " ".join(recordings.VIEW_LABELS)),
)
