from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mlopsctl.runtime.scoring.columns import ColumnError, cast, typed

pytestmark = pytest.mark.oracle


def column(values: list[Any], dtype: Any = object) -> Any:
    import pandas as pd

    return pd.Series(values, dtype=dtype)


@pytest.mark.parametrize(
    ("kind", "values", "may_miss", "dtype", "expected"),
    [
        ("int64", [1, 2], False, "int64", [1, 2]),
        ("int64", [1, 2], True, "float64", [1.0, 2.0]),
        ("int64", ["7", 8.0], False, "int64", [7, 8]),
        ("int32", [1], False, "int32", [1]),
        ("int64", [2**62 + 1], False, "int64", [2**62 + 1]),
        ("int64", [2.0**62], False, "int64", [2**62]),
        ("float64", ["1.5", 2], True, "float64", [1.5, 2.0]),
        ("float32", [0.5], True, "float32", [0.5]),
        ("bool", [True, False], False, "int64", [1, 0]),
        ("bool", ["true", "False", 1, 0.0], True, "float64", [1.0, 0.0, 1.0, 0.0]),
        ("string", ["a", 7, 7.0, 7.5], True, "object", ["a", "7", "7", "7.5"]),
        ("array<int64>", [[1, 2]], True, "object", [[1, 2]]),
    ],
)
def test_a_type_has_one_dtype_whatever_the_values_came_as(
    kind: str, values: list[Any], may_miss: bool, dtype: str, expected: list[Any]
) -> None:
    series = cast(column(values), kind, "x", may_miss=may_miss)
    assert str(series.dtype) == dtype
    assert series.tolist() == expected


def test_a_gap_leaves_the_other_values_exact_whatever_dtype_they_came_in() -> None:
    whole = [2**53 + 1, None, -(2**63)]
    for dtype in ("object", "Int64", "int64[pyarrow]"):
        series = typed(column(whole, dtype), "int64", "x")
        assert [int(value) for value in series.dropna()] == [2**53 + 1, -(2**63)]
        assert series.isna().tolist() == [False, True, False]
    for dtype in ("object", "boolean", "bool[pyarrow]"):
        series = cast(column([True, None, False], dtype), "bool", "x", may_miss=False)
        assert series.astype(object).where(series.notna(), None).tolist() == [1.0, None, 0.0]


@pytest.mark.parametrize("kind", ["int64", "float64", "bool", "string", "timestamp"])
def test_a_column_of_nothing_but_missing_values_keeps_its_dtype(kind: str) -> None:
    some = {"string": "a", "timestamp": datetime(2026, 1, 1, tzinfo=UTC)}.get(kind, 1)
    full, empty = (cast(column([value]), kind, "x", may_miss=True) for value in (some, None))
    assert full.dtype == empty.dtype
    assert empty.isna().all()


def test_times_are_in_utc() -> None:
    values = cast(column(["2026-01-01T01:00:00+01:00", "2026-01-01"]), "timestamp", "x", may_miss=False)
    assert [moment.isoformat() for moment in values] == ["2026-01-01T00:00:00+00:00"] * 2


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("int64", 1.5, "`x` must be int64, but a value is not: it has a fraction"),
        ("int64", "many", "`x` must be int64"),
        ("bool", "perhaps", "'perhaps' is not a boolean"),
        ("float64", "dear", "`x` must be float64"),
        ("timestamp", "some day", "`x` must be timestamp"),
        ("timestamp", "20260103", "20260103 is a bare number"),
        ("timestamp", 1767398400, "1767398400 is a bare number"),
        ("int32", 2**32 + 5, "4294967301 is not from -2147483648 to 2147483647"),
        ("int32", float(2**32 + 5), "4294967301 is not from -2147483648 to 2147483647"),
        ("int64", 2**63, "9223372036854775808 is not from"),
        ("int64", str(2**64 + 5), "18446744073709551621 is not from"),
        ("int64", -(2.0**64), "-18446744073709551616 is not from"),
        ("int64", float("inf"), "inf is not a whole number"),
        ("float32", "1e300", "1e[+]300 is too large"),
        ("float64", "nan", "'nan' is not a number; write a missing value as an empty cell"),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_its_column(kind: str, value: Any, words: str) -> None:
    with pytest.raises(ColumnError, match=words):
        cast(column([value]), kind, "x", may_miss=True)
