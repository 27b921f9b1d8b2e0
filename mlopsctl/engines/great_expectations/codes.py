"""Diagnostic codes of Great Expectations: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

GX_STAGE = Code(
    "MLC851",
    "check stage that the engine does not support",
    Severity.ERROR,
    why="Great Expectations checks one table at a time. It does not compare two data sets and does not check models, "
    "so nothing of this stage would be checked.",
    help="remove the stage, or use another check engine for the system",
    bad="checks:\n  engine: great-expectations\n  split: {suite: train_test_validation}",
    good="checks:\n  engine: great-expectations\n  data: {checks: {expect_table_row_count_to_be_between: "
    "{params: {min_value: 1000}}}}",
)
GX_SUITE = Code(
    "MLC852",
    "suite of an engine without suites",
    Severity.ERROR,
    why="Great Expectations has no built-in suites: its users write them, so a spec cannot refer to one.",
    help="list single expectations; the columns' contract is always checked",
    bad="checks:\n  engine: great-expectations\n  data: {suite: data_integrity}",
    good="checks:\n  engine: great-expectations\n  data: {checks: {expect_column_values_to_be_unique: "
    "{params: {column: id}}}}",
)
GX_DRIFT = Code(
    "MLC853",
    "drift that the engine cannot measure",
    Severity.ERROR,
    why="Great Expectations compares a column with a histogram in the expectation, by KL divergence. It does not "
    "support the training snapshot or any of the drift methods of the language.",
    help="remove live.drift, or use another check engine for the system; live.quality needs no engine",
    bad="checks:\n  engine: great-expectations\n  live: {drift: {numerical: {method: ks, max: 0.2}}}",
    good="checks:\n  engine: great-expectations\n  live: {quality: {metric: roc_auc, min: 0.7}}",
)
GX_CONDITION = Code(
    "MLC854",
    "condition on an expectation",
    Severity.ERROR,
    why="An expectation contains its own condition. A separate condition would not be checked.",
    help="set it in the expectation's params: min_value, max_value, mostly, severity",
    bad="expect_column_values_to_be_unique:\n  params: {column: id}\n  conditions: {add_condition: {max: 0.1}}",
    good="expect_column_values_to_be_unique:\n  params: {column: id, mostly: 0.9}",
)
GX_EXPECTATION = Code(
    "MLC855",
    "invalid expectation",
    Severity.ERROR,
    why="Great Expectations loads an expectation on a missing column, with reversed bounds or with an invalid "
    "pattern, and it fails only after the training set has been built.",
    help="use a column of the training set, put the smaller bound first, fix the pattern",
    bad="expect_column_values_to_be_between:\n  params: {column: amount, min_value: 10, max_value: 1}",
    good="expect_column_values_to_be_between:\n  params: {column: amount, min_value: 1, max_value: 10}",
)

CODES: tuple[Code, ...] = (
    GX_STAGE,
    GX_SUITE,
    GX_DRIFT,
    GX_CONDITION,
    GX_EXPECTATION,
)
