"""Diagnostic codes of Etiq: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

ETIQ_THRESHOLD = Code(
    "MLC856",
    "threshold that a scan does not support",
    Severity.ERROR,
    why="Etiq silently ignores an unknown metric, and takes thresholds as pairs. With the Kolmogorov-Smirnov measure, "
    "its drift scan finds nothing where there is drift.",
    help="use measures of the scan, each with [low, high]",
    bad="scan_accuracy_metrics: {params: {thresholds: {f1: [0.8, 1.0]}}}",
    good="scan_accuracy_metrics: {params: {thresholds: {true_pos_rate: [0.8, 1.0]}}}",
)
ETIQ_SCAN = Code(
    "MLC857",
    "check that Etiq does not support",
    Severity.ERROR,
    why="Etiq has single scans, each once per configuration, with their own thresholds; its metrics are for models "
    "with two classes.",
    help="use single scans with thresholds; gates support the metrics of every task",
    bad="checks:\n  engine: etiq\n  model: {suite: model_evaluation}",
    good="model:\n  checks: {scan_accuracy_metrics: {params: {thresholds: {accuracy: [0.8, 1]}}}}",
)
ETIQ_DRIFT = Code(
    "MLC858",
    "live monitor that no step can run",
    Severity.ERROR,
    why="Etiq needs pandas 1 and is installed by its user. The monitor's step runs with other libraries, in the "
    "cluster, and cannot read the result of a scan.",
    help="use scan_drift_metrics in checks.split, or another check engine for the system",
    bad="checks:\n  engine: etiq\n  live: {drift: {numerical: {method: psi, max: 0.15}}}",
    good="checks:\n  engine: etiq\n  split: {checks: {scan_drift_metrics: {params: {thresholds: {psi: [0, 0.15]}}}}}",
)
ETIQ_BY_HAND = Code(
    "MLC859",
    "scans that no step runs",
    Severity.WARNING,
    why="The library is proprietary and incompatible with the libraries of the steps. Its configuration and a module "
    "that runs it are rendered and checked; the pipeline reports the scans as not run, and continues.",
    help="run etiq/run.py where the library is installed, or use gates",
    bad="checks:\n  engine: etiq\n  data: {checks: {scan_data_issues: {}}}",
    good="checks:\n  gates: {roc_auc: {min: 0.8}}",
)

CODES: tuple[Code, ...] = (
    ETIQ_THRESHOLD,
    ETIQ_SCAN,
    ETIQ_DRIFT,
    ETIQ_BY_HAND,
)
