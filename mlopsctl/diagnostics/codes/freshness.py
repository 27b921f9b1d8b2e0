"""The codes MLC3xx: cadence, ttl, materialisation, label delay and the windows between them.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

TTL_TOO_SHORT = Code(
    "MLC301",
    "ttl shorter than the refresh interval",
    Severity.ERROR,
    "Just before a materialisation the newest online row is cadence + materialize.every old. With a shorter ttl that "
    "row has expired, and the endpoint gets no value at the end of every interval.",
    "raise the ttl to cadence + materialize.every or more, or materialise more often",
    "sources: {stats: {cadence: 15m}}\nviews: {activity: {ttl: 30m, materialize: {every: 30m}}}\n",
    "sources: {stats: {cadence: 15m}}\nviews: {activity: {ttl: 2h, materialize: {every: 30m}}}\n",
)
INTERVAL_OVER_TTL = Code(
    "MLC302",
    "materialisation interval longer than the ttl",
    Severity.ERROR,
    "The first incremental materialisation looks back one ttl. Rows that are older at the time of the run never reach "
    "the online store.",
    "materialise at least once per ttl",
    "views: {activity: {ttl: 1h, materialize: {every: 2h}}}\n",
    "views: {activity: {ttl: 6h, materialize: {every: 2h}}}\n",
)
WINDOW_GAPS = Code(
    "MLC303",
    "monitor that skips rows",
    Severity.WARNING,
    "Each run of the live monitor reads one window. If the interval between runs is longer, no run reads the rows in "
    "between.",
    "make the window as long as the interval, or longer",
    "live: {every: 6h, window: 1h}\n",
    "live: {every: 1h, window: 24h}\n",
)
HOLDOUT_UNLABELLED = Code(
    "MLC304",
    "a holdout inside the label's delay",
    Severity.ERROR,
    "A label with a delay of 30 days does not exist for the last 30 days. A holdout that includes those days is "
    "evaluated only on the few labels that arrived early, which are not representative.",
    "end the holdout at least one label delay ago; this is the default without `lag`",
    "labels: {fraud: {delay: 30d}}\nmodel: {split: {by: time, holdout: 14d, lag: 7d}}\n",
    "labels: {fraud: {delay: 30d}}\nmodel: {split: {by: time, holdout: 14d}}\n",
)
QUALITY_UNLABELLED = Code(
    "MLC305",
    "live quality measured before labels exist",
    Severity.ERROR,
    "Quality is measured on rows with a known label. A delay shorter than the label's delay measures only labels that "
    "arrived early.",
    "use at least the label's delay; without `delay` it is inherited",
    "labels: {fraud: {delay: 30d}}\nlive: {quality: {metric: roc_auc, min: 0.8, delay: 1d}}\n",
    "labels: {fraud: {delay: 30d}}\nlive: {quality: {metric: roc_auc, min: 0.8}}\n",
)
UNEVEN_INTERVAL = Code(
    "MLC310",
    "interval that cron cannot express",
    Severity.ERROR,
    "Pipelines start by cron, which has minutes of an hour and hours of a day. An interval that divides neither would "
    "leave gaps, and features would be older than the spec allows.",
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
