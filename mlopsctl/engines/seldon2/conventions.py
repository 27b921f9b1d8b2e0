"""Names of Seldon Core 2, and the rule of the cluster's metrics adapter."""

from __future__ import annotations

from typing import Final

GROUP: Final = "mlops.seldon.io"
API_VERSION: Final = f"{GROUP}/v1alpha1"
AUTOSCALING: Final = "autoscaling/v2"

PRUNE_LAST: Final = "PruneLast=true"
"""A version's Model is removed only when the Pipeline that used it has moved on to the next."""

RPS_METRIC: Final = "infer_rps"
"""The custom metric of the autoscaler: requests per second of a Model."""

RPS_QUERY: Final = "sum by (<<.GroupBy>>) (rate(<<.Series>>{<<.LabelMatchers>>}[2m]))"
"""The adapter's query. Two minutes contain two samples even if Prometheus scrapes once a minute."""
