"""The series that recording rules write and dashboards read: one name for all systems, distinguished by labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OBJECTIVE: Final = "mlops:slo_objective:ratio"
"""The required share of good requests."""
BUDGET: Final = "mlops:slo_error_budget:ratio"
"""The allowed share of bad requests: 1 - objective."""
PERIOD_DAYS: Final = "mlops:slo_period:days"
"""The period of the budget."""
PERIOD_ERROR: Final = "mlops:slo_error:ratio_period"
"""The error ratio over that period, averaged over the time with traffic."""
PERIOD_BURN_RATE: Final = "mlops:slo_burn_rate:ratio_period"
"""The error ratio over the period as a multiple of the budget: 1 spends it exactly."""
BUDGET_REMAINING: Final = "mlops:slo_error_budget_remaining:ratio_period"
"""The remaining share of the budget; negative if it is overspent."""

LAST_SUCCESS: Final = "mlops:run_success:last_timestamp_seconds"
"""The time of the last successful run, or of the first evaluation."""
LAST_FAILURE: Final = "mlops:run_failure:last_timestamp_seconds"
"""The time of the last failed run."""
NEWEST_ROW: Final = "mlops:feature_row:newest_timestamp_seconds"
"""The event time of a view's newest online row, or the time of the first evaluation."""
RUN_LABELS: Final = ("system", "environment", "pipeline")
VIEW_LABELS: Final = ("system", "environment", "view")

WINDOW_LABEL: Final = "slo_window"
"""The additional label of error ratios of single windows."""
KEY: Final = ("slo_id", "system", "environment")
"""The labels that identify an objective: a Prometheus may contain several environments."""
LABELS: Final = ("slo_id", "slo_name", "system", "environment", "endpoint")
"""The labels of every series of an objective."""
WINDOWS: Final = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
"""The windows of the burn-rate alerts, shortest first."""


def error_ratio(window: str) -> str:
    """Return the name of the error ratio over a window, such as `5m`."""
    return f"mlops:slo_error:ratio_rate{window}"


def burn_rate(window: str = WINDOWS[0]) -> str:
    """Return the name of the current burn rate: the shortest window's error ratio as a multiple of the budget."""
    return f"mlops:slo_burn_rate:ratio_rate{window}"


def labels(slo_id: str, slo_name: str, system: str, environment: str, endpoint: str) -> dict[str, str]:
    """Return the labels of every series of an objective."""
    return dict(zip(LABELS, (slo_id, slo_name, system, environment, endpoint), strict=True))


def key(labels: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return the matchers of one objective's labels."""
    return tuple((name, "=", labels[name]) for name in KEY)
