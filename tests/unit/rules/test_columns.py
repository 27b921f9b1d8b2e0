"""Contracts of columns; the oracle of what a type can hold is numpy's own cast."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from projects import checked, spec

COLUMN = "txn_count_1h: {type: int64}"
KINDS = ("int32", "int64", "float32", "float64", "bool", "string")
VALUES: list[str | int] = [0, 1, -1, 2, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63 - 1, "1", "one", ""]


def contract_diagnostics(contract: str) -> list[str]:
    """Return the messages about a column with a contract that nothing else uses."""
    text = spec((COLUMN, f"{COLUMN}\n          other: {contract}"))
    return list(
        dict.fromkeys(finding.message for finding in checked(text, only="prod").diagnostics if finding.code == "MLC219")
    )


@pytest.mark.oracle
@pytest.mark.parametrize("kind", KINDS)
def test_a_listed_value_is_found_where_its_type_cannot_hold_it(kind: str) -> None:
    import numpy as np

    def holds(value: str | int) -> bool:
        if isinstance(value, str) != (kind == "string"):
            return False
        if kind.startswith("float"):
            return True
        try:
            return bool(np.array([value], dtype="str" if kind == "string" else kind)[0] == value)
        except OverflowError:
            return False

    expected = [value for value in VALUES if not holds(value)]
    assert len(contract_diagnostics(f"{{type: {kind}, values: {json.dumps(VALUES)}}}")) == len(expected)
    for value in VALUES:
        assert bool(contract_diagnostics(f"{{type: {kind}, values: [{json.dumps(value)}]}}")) is (value in expected)


@pytest.mark.parametrize("kind", ["string", "bool", "timestamp", "bytes", "array<int64>"])
@pytest.mark.parametrize("bound", ["min", "max"])
def test_a_bound_on_what_is_no_number_is_found(kind: str, bound: str) -> None:
    assert contract_diagnostics(f"{{type: {kind}, {bound}: 1}}") == [
        f"`other` is {kind}, but bounds apply to numbers only"
    ]


@pytest.mark.parametrize(("low", "high"), [("5", "3"), ("0.3", "0.2"), ("-1", "-2"), ("3", "3"), ("2", "3.5")])
def test_bounds_are_found_where_no_value_is_within(low: str, high: str) -> None:
    message = f"no value is at least {low} and at most {high}"
    assert contract_diagnostics(f"{{type: float64, min: {low}, max: {high}}}") == (
        [message] if Decimal(low) > Decimal(high) else []
    )


@pytest.mark.parametrize(
    ("contract", "message"),
    [
        ("{type: int64, min: 2, values: [1, 2]}", "`other` is never 1: the value is outside `min` and `max`"),
        ("{type: int64, max: 2, values: [3, 2]}", "`other` is never 3: the value is outside `min` and `max`"),
    ],
)
def test_a_listed_value_outside_of_the_bounds_is_found(contract: str, message: str) -> None:
    assert contract_diagnostics(contract) == [message]


UNREAD = (COLUMN, f"{COLUMN}\n          other: {{type: int64, nullable: false, min: 1}}")
TRANSFORM = (
    "    sets:\n      inputs:\n        fields: [card_activity.txn_count_1h]\n",
    "    transforms:\n      busy: {function: 'card_fraud.features:busy', inputs: [card_activity.txn_count_1h],"
    " fields: {is_busy: float64}}\n    sets:\n      inputs:\n        fields: [busy.is_busy]\n",
)
KEY = "card_id: {type: string}"


def unchecked(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    """Return path and message of the contracts that nothing checks."""
    diagnostics = [finding for finding in checked(spec(*changes), only="prod").diagnostics if finding.code == "MLC220"]
    return list(dict.fromkeys((diagnostic.path, diagnostic.message) for diagnostic in diagnostics))


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        (
            [UNREAD],
            "card_stats.columns.other.nullable",
            "`other` is in no training set: no check enforces its `nullable` and `min`",
        ),
        (
            [(COLUMN, "txn_count_1h: {type: int64, max: 9}"), TRANSFORM],
            "card_stats.columns.txn_count_1h.max",
            "only the transform `busy` reads `txn_count_1h`: no check enforces its `max`",
        ),
        (
            [(f"{KEY}\n          txn", "card_id: {type: string, values: [a]}\n          txn")],
            "card_stats.columns.card_id.values",
            "`card_id` is a feature key, and keys are checked in the label source only: no check enforces its `values`",
        ),
    ],
)
def test_a_contract_that_nothing_checks_is_told(changes: list[tuple[str, str]], path: str, message: str) -> None:
    assert unchecked(*changes) == [(f"spec.data.sources.{path}", message)]


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [(COLUMN, "txn_count_1h: {type: int64, nullable: false, min: 0}")],
        [("amount: {type: float64}\n", "amount: {type: float64, nullable: false, min: 0}\n")],
        [("is_fraud: {type: bool}", "is_fraud: {type: bool, nullable: false}")],
        [(f"{KEY}\n          amount", "card_id: {type: string, nullable: false, values: [a]}\n          amount")],
        [(f"{KEY}\n          txn", "card_id: {type: string, nullable: false}\n          txn")],
    ],
)
def test_a_contract_that_a_data_check_holds_is_no_finding(changes: list[tuple[str, str]]) -> None:
    assert unchecked(*changes) == []
