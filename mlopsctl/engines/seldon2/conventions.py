"""The words of Seldon Core 2, and what the cluster's metrics adapter must know."""

from __future__ import annotations

from typing import Final

GROUP: Final = "mlops.seldon.io"
API_VERSION: Final = f"{GROUP}/v1alpha1"
AUTOSCALING: Final = "autoscaling/v2"

PRUNE_LAST: Final = "PruneLast=true"
"""A version's Model is removed only when the Pipeline that used it has moved on to the next."""

RPS_METRIC: Final = "infer_rps"
"""The custom metric that an autoscaler asks for: requests a second of one Model."""

RPS_QUERY: Final = "sum by (<<.GroupBy>>) (rate(<<.Series>>{<<.LabelMatchers>>}[2m]))"
"""How the adapter reads it. Two minutes hold two samples even where Prometheus scrapes once a minute."""
