"""The types a model meets, the same in training and in serving whatever a store or a request made of them.

In: a column of values and a type of the language. Out: a column a model can take. Whole numbers and truths that were
looked up may be missing, so they are float64 there, always: a type must not depend on luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

WHOLE = ("int32", "int64")


class ColumnError(ValueError):
    """A column does not hold what its type says."""


def cast(values: pd.Series[Any], kind: str, name: str, *, may_miss: bool) -> pd.Series[Any]:
    """Give a column the one dtype of its type; ColumnError where a value does not fit."""
    import pandas as pd

    try:
        if kind in ("float32", "float64"):
            return pd.to_numeric(values).astype(kind)
        if kind in WHOLE or kind == "bool":
            return _whole(values, kind, may_miss=may_miss)
        if kind == "string":
            return values.astype(object).where(values.notna(), None).map(_text, na_action="ignore")
        if kind == "timestamp":
            written = {"format": "ISO8601"} if values.dtype == object else {}
            return pd.to_datetime(values, utc=True, **written).astype("datetime64[us, UTC]")
    except (ValueError, TypeError, OverflowError) as error:
        raise ColumnError(f"`{name}` is {kind}, and one of its values is not: {_first_line(error)}") from None
    return values.astype(object)


def _whole(values: pd.Series[Any], kind: str, *, may_miss: bool) -> pd.Series[Any]:
    import pandas as pd

    numbers = pd.to_numeric(_truths(values) if kind == "bool" else values).astype("float64")
    if not (numbers.dropna() % 1 == 0).all():
        raise ValueError("it has a fraction")
    if may_miss or numbers.isna().any():
        return numbers
    # Through Python's own whole numbers: a float holds no more than 53 bits of one.
    return pd.to_numeric(_truths(values) if kind == "bool" else values).astype("int64" if kind == "bool" else kind)


def _truths(values: pd.Series[Any]) -> pd.Series[Any]:
    """Read truths as people and files write them."""
    words = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "1.0": 1.0, "0.0": 0.0}
    found = values.map(lambda value: words.get(str(value).lower(), value), na_action="ignore")
    strange = found.dropna().map(lambda value: value not in (0.0, 1.0))
    if strange.any():
        raise ValueError(f"{found.dropna()[strange].iloc[0]!a} is neither true nor false")
    return found.astype("float64")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
