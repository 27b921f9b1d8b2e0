"""The codes MLC8xx: what the chosen engine cannot do.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

ARGO_CRON = Code(
    "MLC810",
    "a schedule that Argo Workflows cannot read",
    Severity.ERROR,
    why="The controller reads cron lines as Kubernetes does: five fields, days of the week from 0 (Sunday) "
    "to 6, no `L` for the last day. It refuses any other line when it meets it, and the pipeline never starts.",
    mend="write Sunday as 0, and a day of the month that every month has",
    bad='retrain:\n  schedule: {cron: "0 3 * * 7", timezone: Etc/UTC}',
    good='retrain:\n  schedule: {cron: "0 3 * * 0", timezone: Etc/UTC}',
)
ARGO_METRICS = Code(
    "MLC811",
    "more numbers than Argo Workflows exports of one step",
    Severity.ERROR,
    why="Each watched column and each materialised view is a metric of the step's template, and a template may "
    "have 100. The API server refuses one with more.",
    mend="watch fewer columns, or divide the system",
    bad="# a set of 120 numerical fields\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
    good="# a set of the 40 fields that matter\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
)

CODES: tuple[Code, ...] = (ARGO_CRON, ARGO_METRICS)
