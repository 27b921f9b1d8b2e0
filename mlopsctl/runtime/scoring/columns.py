"""Convert columns to the types of the contract, identically in training and serving.

Looked-up integers and booleans may be missing, so they are always float64: the type must not depend on the rows.
"""

from __future__ import annotations

from decimal import Decimal
from numbers import Number
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

INTEGER_TYPES = ("int32", "int64")
_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_LARGEST_FLOAT32 = 3.4028235677973366e38
_TRUTHS = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "1.0": 1.0, "0.0": 0.0}


class ColumnError(ValueError):
    """A value of a column does not fit its type."""


def cast(values: pd.Series[Any], kind: str, name: str, *, may_miss: bool) -> pd.Series[Any]:
    """Convert a column to the dtype of its type; ColumnError if a value does not fit."""
    numbers = typed(values, kind, name)
    if kind == "bool":
        return numbers if may_miss or numbers.isna().any() else numbers.astype("int64")
    if kind in INTEGER_TYPES:
        return numbers.astype("float64" if may_miss or numbers.isna().any() else kind)
    return numbers


def typed(values: pd.Series[Any], kind: str, name: str) -> pd.Series[Any]:
    """Convert values to their type exactly; ColumnError if one does not fit.

    Integers are int64, or `Int64` if one is missing; booleans are float64 of 0 and 1, strings objects, times UTC in
    microseconds. A missing value stays missing, and no other value becomes missing.
    """
    try:
        if kind in ("float32", "float64"):
            return _real_numbers(values, kind)
        if kind in INTEGER_TYPES:
            return _whole_numbers(values, kind)
        if kind == "bool":
            return _truths(values)
        if kind == "string":
            return values.astype(object).where(values.notna(), None).map(_text, na_action="ignore")
        if kind == "timestamp":
            return _times(values)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise ColumnError(f"`{name}` must be {kind}, but a value is not: {_first_line(error)}") from None
    return values.astype(object)


def _numbers(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return the present values as numbers: integers as pandas read them, all others as floats."""
    import pandas as pd

    present = _present(values)
    numbers = pd.to_numeric(present, errors="coerce")
    if numbers.isna().any():
        raise ValueError(f"{present[numbers.isna()].iloc[0]!a} is not a number; write a missing value as an empty cell")
    return numbers


def _present(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return the values that are not missing."""
    present = values.notna()
    return values if present.all() else values[present]


def _with_gaps(present: pd.Series[Any], values: pd.Series[Any], dtype: str) -> pd.Series[Any]:
    """Insert the present values at their rows."""
    import pandas as pd

    if len(present) == len(values):
        return present.astype(dtype)
    complete = pd.Series(pd.NA if dtype == "Int64" else float("nan"), index=values.index, dtype=dtype, name=values.name)
    complete[values.notna().to_numpy()] = present.astype(dtype).to_numpy()
    return complete


def _real_numbers(values: pd.Series[Any], kind: str) -> pd.Series[Any]:
    numbers = _numbers(values).astype("float64")
    if kind == "float32":
        large = numbers[(numbers.abs() > _LARGEST_FLOAT32) & (numbers.abs() != float("inf"))]
        if len(large):
            raise ValueError(f"{large.iloc[0]} is too large")
    return _with_gaps(numbers, values, kind)


def _whole_numbers(values: pd.Series[Any], kind: str) -> pd.Series[Any]:
    """Convert integers through Python integers, because a float has only 53 bits of precision."""
    from pandas.api.types import is_integer_dtype

    numbers = _numbers(values)
    if not is_integer_dtype(numbers.dtype):
        numbers = _present(values).map(_whole_number)
    low, high = _BOUNDS[kind]
    outside = (numbers < low) | (numbers > high)
    if outside.any():
        raise ValueError(f"{numbers[outside].iloc[0]} is not from {low} to {high}")
    return _with_gaps(numbers, values, "int64" if len(numbers) == len(values) else "Int64")


def _whole_number(value: Any) -> int:
    """Return a value as its exact integer, from its text or its bits."""
    text = value.strip() if isinstance(value, str) else value
    number = Decimal(text if isinstance(text, str | int | Decimal) else float(text))
    if not number.is_finite():
        raise ValueError(f"{value} is not a whole number")
    if number % 1 != 0:
        raise ValueError(f"it has a fraction: {value}")
    return int(number)


def _truths(values: pd.Series[Any]) -> pd.Series[Any]:
    """Convert booleans from their usual spellings."""
    present = _present(values)
    truths = present.map(lambda value: _TRUTHS.get(str(value).lower()))
    if truths.isna().any():
        raise ValueError(f"{present[truths.isna()].iloc[0]!a} is not a boolean")
    return _with_gaps(truths, values, "float64")


def _times(values: pd.Series[Any]) -> pd.Series[Any]:
    """Convert times; a bare number is rejected, because its unit is unknown."""
    import pandas as pd

    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.astype(object).where(values.notna(), None)
        for value in values.dropna():
            if isinstance(value, Number) or (isinstance(value, str) and value.strip().isdigit()):
                raise ValueError(f"{value} is a bare number; write a time as 2026-01-31T12:00:00Z")
    written = {"format": "ISO8601"} if values.dtype == object else {}
    return pd.to_datetime(values, utc=True, **written).astype("datetime64[us, UTC]")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
