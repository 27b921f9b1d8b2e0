from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mlopsctl.blueprint.model import Column
from mlopsctl.runtime.artifacts import Dataset, Schema
from mlopsctl.runtime.column_contract import check

pytestmark = pytest.mark.oracle


def outcome(values: list[Any], column: Column) -> tuple[str, str]:
    import pandas as pd

    data = Dataset(pd.DataFrame({"x": values}), Schema((), len(values), ""))
    (found,) = check(data, (column,))
    return found.state, found.reason


def column(
    kind: str = "float64", nullable: bool = True, low: str | None = None, high: str | None = None, values: Any = ()
) -> Column:
    return Column("x", kind, nullable, Decimal(low) if low else None, Decimal(high) if high else None, values, "")


@pytest.mark.parametrize(
    ("values", "contract", "expected"),
    [
        ([1.0, None], column(), ("passed", "")),
        ([1.0, None], column(nullable=False), ("failed", "1 of 2 rows are not is never missing, as missing")),
        ([0.0, 1.0, None], column(low="0", high="1"), ("passed", "")),
        ([-0.1, 1.0], column(low="0"), ("failed", "1 of 2 rows are not at least 0, as -0.1")),
        ([2.0, 3.0], column(high="1"), ("failed", "2 of 2 rows are not at most 1, as 2.0")),
        (["a", None], column("string", values=("a", "b")), ("passed", "")),
        (["a", "c"], column("string", values=("a", "b")), ("failed", "1 of 2 rows are not one of a, b, as c")),
        ([1.0, 2.0], column("int64", values=(1, 2)), ("passed", "")),
    ],
)
def test_a_column_holds_to_what_is_said_of_it(values: list[Any], contract: Column, expected: tuple[str, str]) -> None:
    assert outcome(values, contract) == expected


def test_a_column_that_was_not_built_is_not_checked() -> None:
    import pandas as pd

    assert check(Dataset(pd.DataFrame({"y": [1]}), Schema((), 1, "")), (column(),)) == ()
