"""A small project that Great Expectations checks, for tests of what is rendered and of what is run."""

from __future__ import annotations

from projects import checked, spec

from mlopsctl.blueprint.model.blueprint import Blueprint

CHECKS = """\
  checks:
    engine: great-expectations
    data:
      checks:
        expect_table_row_count_to_be_between: {params: {min_value: 3}}
        AmountsDiffer:
          check: expect_column_unique_value_count_to_be_between
          params: {column: amount, min_value: 2, severity: warning}
        CardsLookRight:
          check: expect_column_values_to_match_regex
          params: {column: card_id, regex: '^c[0-9]+$', mostly: 0.9}
"""
CHANGES = (
    ("txn_count_1h: {type: int64}", "txn_count_1h: {type: int64, min: 0, max: 500, nullable: false}"),
    ("amount: {type: float64}", "amount: {type: float64, min: 0.5}"),
    ("is_fraud: {type: bool}", "is_fraud: {type: bool}\n          country: {type: string, values: [DE, FR]}"),
    ("request: {amount: float64}", "request: {amount: float64, country: string}"),
    ("  checks:\n    data: {suite: data_integrity}\n", CHECKS),
    ("      drift: {numerical: {method: ks, max: 0.2}}\n", ""),
    ("    drift: {severity: ticket}\n", ""),
)


def blueprint(*changes: tuple[str, str]) -> Blueprint:
    """Return the Blueprint of the project in `prod`, with more changes of its spec."""
    result = checked(spec(*CHANGES, *changes), only="prod")
    assert result.diagnostics == (), [(finding.code, finding.message) for finding in result.diagnostics]
    return result.shared[0].systems[0]
