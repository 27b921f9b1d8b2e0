"""The codes MLC3xx: cadence, ttl, materialisation, label delay and the windows between them.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

TTL_TOO_SHORT = Code(
    "MLC301",
    "a ttl shorter than the refresh",
    Severity.ERROR,
    "Just before a materialisation the newest row online is cadence + materialize.every old. With a shorter ttl it has "
    "expired by then, and the endpoint is answered with nothing at every turn.",
    "raise the ttl to cadence + materialize.every or more, or materialise more often",
    "sources: {stats: {cadence: 15m}}\nviews: {activity: {ttl: 30m, materialize: {every: 30m}}}\n",
    "sources: {stats: {cadence: 15m}}\nviews: {activity: {ttl: 2h, materialize: {every: 30m}}}\n",
)
INTERVAL_OVER_TTL = Code(
    "MLC302",
    "materialised less often than rows live",
    Severity.ERROR,
    "The first incremental materialisation looks back one ttl. Rows older than that at a run are never brought online.",
    "materialise at least once in a ttl",
    "views: {activity: {ttl: 1h, materialize: {every: 2h}}}\n",
    "views: {activity: {ttl: 6h, materialize: {every: 2h}}}\n",
)
WINDOW_GAPS = Code(
    "MLC303",
    "a monitor that skips rows",
    Severity.WARNING,
    "Each run of the live monitor looks back one window. When runs are further apart, rows in between "
    "are seen by none.",
    "make the window as long as the interval, or longer",
    "live: {every: 6h, window: 1h}\n",
    "live: {every: 1h, window: 24h}\n",
)
HOLDOUT_UNLABELLED = Code(
    "MLC304",
    "a holdout inside the label's delay",
    Severity.ERROR,
    "A label that is known 30 days late does not exist for the last 30 days. A holdout that reaches into them is "
    "evaluated on the few labels that came early, which are not like the others.",
    "let the holdout end at least the label's delay ago; without `lag` it does",
    "labels: {fraud: {delay: 30d}}\nmodel: {split: {by: time, holdout: 14d, lag: 7d}}\n",
    "labels: {fraud: {delay: 30d}}\nmodel: {split: {by: time, holdout: 14d}}\n",
)
QUALITY_UNLABELLED = Code(
    "MLC305",
    "live quality before its labels",
    Severity.ERROR,
    "Quality is measured on rows whose label is known. Looking earlier than the label's delay measures "
    "early labels only.",
    "wait at least the label's delay; without `delay` it is inherited",
    "labels: {fraud: {delay: 30d}}\nlive: {quality: {metric: roc_auc, min: 0.8, delay: 1d}}\n",
    "labels: {fraud: {delay: 30d}}\nlive: {quality: {metric: roc_auc, min: 0.8}}\n",
)
UNEVEN_INTERVAL = Code(
    "MLC310",
    "an interval that no schedule keeps",
    Severity.ERROR,
    "Pipelines start by cron, which knows minutes of an hour and hours of a day. An interval that "
    "divides neither would "
    "leave gaps, and features would be older than the spec says.",
    "use an interval that divides an hour or a day: 5m, 10m, 15m, 20m, 30m, 1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d or 7d",
    "materialize: {every: 45m}\n",
    "materialize: {every: 30m}\n",
)

CODES: tuple[Code, ...] = (
    TTL_TOO_SHORT,
    INTERVAL_OVER_TTL,
    WINDOW_GAPS,
    HOLDOUT_UNLABELLED,
    QUALITY_UNLABELLED,
    UNEVEN_INTERVAL,
)
