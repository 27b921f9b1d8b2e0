"""The codes MLC6xx: objectives, alerts and the metrics they read.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNOBSERVABLE = Code(
    "MLC601",
    "an objective that the engine cannot observe",
    Severity.ERROR,
    "An objective needs a series that tells good requests from bad ones. Without it the alert is silent "
    "whatever happens, "
    "which is worse than no alert.",
    "use an objective that the engine can observe, or another engine",
    "stack: {serving: {engine: kserve}}\nslos: {availability: {endpoint: scorer, objective: 99.9%, window: 30d}}\n",
    "slos: {latency: {endpoint: scorer, threshold: 100ms, objective: 99%, window: 30d}}\n",
)
NO_BUCKET = Code(
    "MLC602",
    "a threshold that is no bucket bound",
    Severity.ERROR,
    "A histogram knows how many requests were faster than each of its bounds, and nothing in between. A "
    "threshold between "
    "two bounds cannot be counted.",
    "use a bound of the engine's histogram; the finding names the nearest",
    "slos: {latency: {threshold: 120ms, objective: 99%}}\n",
    "slos: {latency: {threshold: 100ms, objective: 99%}}\n",
)
NEVER_FIRES = Code(
    "MLC603",
    "an objective too low to be alerted on",
    Severity.ERROR,
    "A burn-rate alert fires when the error ratio exceeds factor x error budget. With a budget that "
    "large the threshold is "
    "1 or more, and no error ratio is above 1.",
    "raise the objective or shorten its window; an objective that cannot be missed needs no alert",
    "slos: {availability: {objective: 60%, window: 90d}}\n",
    "slos: {availability: {objective: 99%, window: 90d}}\n",
)
UNKNOWN_METRIC = Code(
    "MLC604",
    "a metric that nothing exports",
    Severity.WARNING,
    "An expression over a series that does not exist returns nothing: the alert never fires, and nobody notices.",
    "use a metric of the rendered stack, or declare one that your code exports under `alerts.metrics`",
    'rules: {ScoresLow: {expr: "avg_over_time(score_mean[1h]) < 0.01"}}\n',
    "metrics: {score_mean: {type: gauge, labels: [model]}}\n"
    'rules: {ScoresLow: {expr: "avg_over_time(score_mean[1h]) < 0.01"}}\n',
)
UNKNOWN_LABEL = Code(
    "MLC605",
    "a label that the metric does not have",
    Severity.ERROR,
    "A matcher on a label that the series lacks selects nothing, so the alert never fires.",
    "use a label of the metric; the finding lists them",
    'expr: rate(seldon_pipeline_infer_total{model="scorer"}[5m]) > 0\n',
    'expr: rate(seldon_pipeline_infer_total{pipeline="scorer"}[5m]) > 0\n',
)
NOTHING_WATCHED = Code(
    "MLC606",
    "an alert on something that is not watched",
    Severity.ERROR,
    "Drift and quality alerts read what the live monitor measures; freshness alerts what materialisation "
    "reports; training "
    "alerts what the training pipeline does.",
    "add what the alert reads, or remove the alert",
    "alerts: {drift: {severity: ticket}}  # and no checks.live.drift\n",
    "checks: {live: {every: 1h, window: 1d, drift: {numerical: {method: ks, max: 0.2}}}}\n"
    "alerts: {drift: {severity: ticket}}\n",
)
NO_PAGE = Code(
    "MLC607",
    "an objective that can only ticket",
    Severity.WARNING,
    "For this objective and window the fast burn rates can never be reached, so nobody is woken however bad it gets.",
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
