from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from projects import checked, spec
from unit.runtime.doubles import NOW, call_of

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import Column
from mlopsctl.blueprint.model.training_contract import training_contract
from mlopsctl.engines.feast.backend.store import Feast
from mlopsctl.engines.great_expectations.expectations import suite
from mlopsctl.runtime.data.artifacts import Dataset, Schema
from mlopsctl.runtime.data.column_contract import check
from mlopsctl.runtime.data.examples import label_rows, refuse_missing
from mlopsctl.runtime.step_context import GateRejected

pytestmark = pytest.mark.oracle


def outcome(values: list[Any], column: Column) -> tuple[str, str]:
    import pandas as pd

    data = Dataset(pd.DataFrame({"x": values}), Schema((), len(values), ""))
    (outcome,) = check(data, (column,))
    return outcome.state, outcome.reason


def column(
    kind: str = "float64", nullable: bool = True, low: str | None = None, high: str | None = None, values: Any = ()
) -> Column:
    return Column("x", kind, nullable, Decimal(low) if low else None, Decimal(high) if high else None, values, "")


@pytest.mark.parametrize(
    ("values", "contract", "expected"),
    [
        ([1.0, None], column(), ("passed", "")),
        ([1.0, None], column(nullable=False), ("failed", "1 of 2 rows have no value")),
        ([0.0, 1.0, None], column(low="0", high="1"), ("passed", "")),
        ([-0.1, 1.0], column(low="0"), ("failed", "1 of 2 rows are not at least 0, such as -0.1")),
        ([2.0, 3.0], column(high="1"), ("failed", "2 of 2 rows are not at most 1, such as 2.0")),
        (["a", None], column("string", values=("a", "b")), ("passed", "")),
        (["a", "c"], column("string", values=("a", "b")), ("failed", "1 of 2 rows are not one of a, b, such as c")),
        ([1.0, 2.0], column("int64", values=(1, 2)), ("passed", "")),
    ],
)
def test_a_column_holds_to_what_is_said_of_it(values: list[Any], contract: Column, expected: tuple[str, str]) -> None:
    assert outcome(values, contract) == expected


def test_a_column_that_was_not_built_is_not_checked() -> None:
    import pandas as pd

    assert check(Dataset(pd.DataFrame({"y": [1]}), Schema((), 1, "")), (column(),)) == ()


def built(key: str, label: str = "{type: bool}") -> Blueprint:
    """Return a system whose labelled rows have this contract of their key and label."""
    text = spec(
        ("card_id: {type: string}\n          amount", f"card_id: {key}\n          amount"),
        ("is_fraud: {type: bool}", f"is_fraud: {label}"),
    )
    return checked(text, only="prod").shared[0].systems[0]


def test_a_key_of_the_labelled_rows_is_held_to_its_values_by_both_engines() -> None:
    import pandas as pd

    blueprint = built("{type: string, nullable: false, values: [a, b]}")
    contract = training_contract(blueprint)
    data = Dataset(pd.DataFrame({"card_id": ["a", "c", "c"]}), Schema((), 3, ""))
    (outcome,) = check(data, contract)
    assert (outcome.state, outcome.reason) == ("failed", "2 of 3 rows are not one of a, b, such as c")
    expected = [
        expectation.kwargs
        for expectation in suite(contract, ())
        if expectation.type == "expect_column_values_to_be_in_set"
    ]
    assert expected == [{"column": "card_id", "value_set": ["a", "b"]}]


def test_a_key_without_bounds_adds_nothing_to_the_contract() -> None:
    assert training_contract(built("{type: string, nullable: false}")) == training_contract(built("{type: string}"))


def rows_of(blueprint: Blueprint, folder: Path) -> Any:
    """Return a call of build-dataset over rows of which some lack a key, others a label."""
    import pandas as pd

    rows = pd.DataFrame(
        {
            "card_id": ["a", None, "b", None],
            "ts": [pd.Timestamp(NOW) - pd.Timedelta(days=40 + i) for i in range(4)],
            "amount": [1.0, 2.0, 3.0, 4.0],
            "is_fraud": [True, False, None, False],
        }
    )
    file = folder / "systems" / "0" / "data" / "payments.parquet"
    file.parent.mkdir(parents=True)
    rows.to_parquet(file)
    return call_of(blueprint, folder, "build-dataset")[0]


def test_missing_keys_and_labels_are_refused_where_their_columns_say_so(tmp_path: Path) -> None:
    call = rows_of(built("{type: string, nullable: false}", "{type: bool, nullable: false}"), tmp_path)
    with pytest.raises(
        GateRejected, match=r"2 of 4 rows of `payments` have no `card_id`.*columns\.card_id\.nullable: false"
    ):
        label_rows(call, Feast(call), None, NOW, strict=True)
    left = label_rows(call, Feast(call), None, NOW)
    assert len(left) == 2, "who only looks at rows leaves them out"
    with pytest.raises(GateRejected, match=r"1 of 2 rows of `payments` have no `is_fraud`"):
        refuse_missing(call, left, ["is_fraud"])


def test_missing_keys_are_left_out_where_nothing_is_said(tmp_path: Path) -> None:
    call = rows_of(built("{type: string}"), tmp_path)
    assert len(label_rows(call, Feast(call), None, NOW, strict=True)) == 2
