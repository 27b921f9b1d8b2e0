"""Diagnostic codes of Grafana: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

GRAFANA_TOO_LARGE = Code(
    "MLC860",
    "dashboard too large for a ConfigMap",
    Severity.ERROR,
    why="Each watched column, view and pipeline has its own panel. Grafana's operator reads the dashboard from a "
    "ConfigMap, and Kubernetes rejects a ConfigMap above 1 MiB.",
    help="watch fewer columns, or split the system",
    bad="# a set of 600 numerical fields\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
    good="# a set of the 40 fields that matter\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
)

CODES: tuple[Code, ...] = (GRAFANA_TOO_LARGE,)
