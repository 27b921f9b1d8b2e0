"""Diagnostic codes of Argo Workflows: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

ARGO_CRON = Code(
    "MLC810",
    "schedule that Argo Workflows does not support",
    Severity.ERROR,
    why="The controller reads cron lines as Kubernetes does: five fields, days of the week from 0 (Sunday) to 6, no "
    "`L` for the last day. It rejects any other line, and the pipeline never starts.",
    help="write Sunday as 0, and use a day of the month that every month has",
    bad='retrain:\n  schedule: {cron: "0 3 * * 7", timezone: Etc/UTC}',
    good='retrain:\n  schedule: {cron: "0 3 * * 0", timezone: Etc/UTC}',
)
ARGO_METRICS = Code(
    "MLC811",
    "too many metrics for a step in Argo Workflows",
    Severity.ERROR,
    why="Each watched column and each materialised view is a metric of the step's template, and a template can have "
    "100. The API server rejects more.",
    help="watch fewer columns, or split the system",
    bad="# a set of 120 numerical fields\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
    good="# a set of the 40 fields that matter\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
)
ARGO_SHARES = Code(
    "MLC824",
    "too many missing-value metrics for a step in Argo Workflows",
    Severity.WARNING,
    why="Each watched column has two metrics, its drift score and its share of missing values, and the template of a "
    "step can have 100. The scores are exported first. Shares beyond the limit are in the monitor's report and part "
    "of the scores, but no dashboard and no alert text shows them.",
    help="watch at most 49 columns, or read the shares in the monitor's report",
    bad="# a set of 60 numerical fields\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
    good="# a set of the 40 fields that matter\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
)

CODES: tuple[Code, ...] = (
    ARGO_CRON,
    ARGO_METRICS,
    ARGO_SHARES,
)
