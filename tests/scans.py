"""A small project that Etiq scans, for tests of what is rendered and of what is run."""

from __future__ import annotations

from projects import checked, spec

from mlopsctl.blueprint.model.blueprint import Blueprint

CHECKS = """\
  checks:
    engine: etiq
    data: {checks: {scan_data_issues: {params: {search_for_missing_features: true}}}}
    split: {checks: {scan_drift_metrics: {params: {thresholds: {psi: [0.0, 0.15], jensen_shannon: [0.0, 0.2]}}}}}
    model: {checks: {scan_accuracy_metrics: {params: {thresholds: {accuracy: [0.8, 1.0]}}}}}
"""
CHANGES = (
    ("request: {amount: float64}", "request: {amount: float64, country: string}"),
    ("is_fraud: {type: bool}", "is_fraud: {type: bool}\n          country: {type: string}"),
    ("  checks:\n    data: {suite: data_integrity}\n", CHECKS),
    ("      drift: {numerical: {method: ks, max: 0.2}}\n", ""),
    ("    drift: {severity: ticket}\n", ""),
)


def blueprint(*changes: tuple[str, str]) -> Blueprint:
    """Return the Blueprint of the project in `prod`, with more changes of its spec."""
    result = checked(spec(*CHANGES, *changes), only="prod")
    assert {finding.code for finding in result.diagnostics} == {"MLC517", "MLC859"}, [
        (finding.code, finding.message) for finding in result.diagnostics
    ]
    return result.shared[0].systems[0]
