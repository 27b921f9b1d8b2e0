"""The codes MLC6xx: objectives, alerts and the metrics they read.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNOBSERVABLE = Code(
    "MLC601",
    "objective that the engine cannot measure",
    Severity.ERROR,
    "An objective needs a series that separates good requests from bad ones. Without it, the alert never fires, which "
    "is worse than no alert. On KServe, a model that looks features up runs in MLServer, which counts failed "
    "requests and has no latency histogram. A plain sklearn or xgboost model runs in KServe's own server, which has "
    "the histogram and does not count failures.",
    "use an objective that the engine can measure, or another engine",
    "stack: {serving: {engine: kserve}}\nslos: {availability: {endpoint: scorer, objective: 99.9%, window: 30d}}\n",
    "slos: {latency: {endpoint: scorer, threshold: 100ms, objective: 99%, window: 30d}}\n",
)
NO_BUCKET = Code(
    "MLC602",
    "latency threshold that is not a bucket bound",
    Severity.ERROR,
    "A histogram counts requests up to each of its bounds only. Requests cannot be counted against a threshold "
    "between two bounds.",
    "use a bound of the engine's histogram; the message names the nearest",
    "slos: {latency: {threshold: 120ms, objective: 99%}}\n",
    "slos: {latency: {threshold: 100ms, objective: 99%}}\n",
)
NEVER_FIRES = Code(
    "MLC603",
    "objective whose alert can never fire",
    Severity.ERROR,
    "A burn-rate alert fires when the error ratio exceeds factor x error budget. With a budget this large, the "
    "threshold is 1 or more, and no error ratio exceeds 1. In a window of a few hours, no burn rate above 1 lasts "
    "long enough to be detected.",
    "raise the objective, or choose a window that fits it; an objective that cannot be missed needs no alert",
    "slos: {availability: {objective: 60%, window: 90d}}\n",
    "slos: {availability: {objective: 99%, window: 90d}}\n",
)
UNKNOWN_METRIC = Code(
    "MLC604",
    "unknown metric",
    Severity.WARNING,
    "An expression over a series that does not exist returns nothing, so the alert silently never fires.",
    "use a metric of the rendered stack, or declare one that your code exports under `alerts.metrics`",
    'rules: {ScoresLow: {expr: "avg_over_time(score_mean[1h]) < 0.01"}}\n',
    "metrics: {score_mean: {type: gauge, labels: [model]}}\n"
    'rules: {ScoresLow: {expr: "avg_over_time(score_mean[1h]) < 0.01"}}\n',
)
UNKNOWN_LABEL = Code(
    "MLC605",
    "unknown label of a metric",
    Severity.ERROR,
    "A matcher on a label that the series does not have selects nothing, so the alert never fires.",
    "use a label of the metric; the message lists them",
    'expr: rate(seldon_pipeline_infer_total{model="scorer"}[5m]) > 0\n',
    'expr: rate(seldon_pipeline_infer_total{pipeline="scorer"}[5m]) > 0\n',
)
NOTHING_WATCHED = Code(
    "MLC606",
    "alert without its data",
    Severity.ERROR,
    "Drift and quality alerts read the results of the live monitor, freshness alerts the reports of materialisation, "
    "training alerts the status of the training pipeline.",
    "configure what the alert reads, or remove the alert",
    "alerts: {drift: {severity: ticket}}  # and no checks.live.drift\n",
    "checks: {live: {every: 1h, window: 1d, drift: {numerical: {method: ks, max: 0.2}}}}\n"
    "alerts: {drift: {severity: ticket}}\n",
)
NO_PAGE = Code(
    "MLC607",
    "objective that can never page",
    Severity.WARNING,
    "For this objective and window the fast burn rates cannot be reached, so no page is sent however high the error "
    "ratio is.",
    "raise the objective if it should page",
    "slos: {availability: {objective: 80%, window: 30d}}\n",
    "slos: {availability: {objective: 99%, window: 30d}}\n",
)

CODES: tuple[Code, ...] = (
    UNOBSERVABLE,
    NO_BUCKET,
    NEVER_FIRES,
    UNKNOWN_METRIC,
    UNKNOWN_LABEL,
    NOTHING_WATCHED,
    NO_PAGE,
)
