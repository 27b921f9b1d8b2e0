"""The columns' contract: types, missing values, bounds and allowed values of the built data set.

In: a data set and the Blueprint's columns. Out: outcomes, one a column, with how many rows break it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model import Column
from mlopsctl.catalogue.types import is_numeric
from mlopsctl.runtime.artifacts import Dataset
from mlopsctl.runtime.outcomes import FAILED, PASSED, Condition, Outcome

if TYPE_CHECKING:
    import pandas as pd


def check(data: Dataset, columns: tuple[Column, ...]) -> tuple[Outcome, ...]:
    """Hold each column to what the spec says of it."""
    return tuple(_outcome(data.rows[one.name], one) for one in columns if one.name in data.rows.columns)


def _outcome(values: pd.Series[Any], column: Column) -> Outcome:
    conditions = tuple(_conditions(values, column))
    broken = [one.details for one in conditions if one.state == FAILED]
    return Outcome(f"column {column.name}", FAILED if broken else PASSED, "; ".join(broken), True, conditions)


def _conditions(values: pd.Series[Any], column: Column) -> Iterator[Condition]:
    """Yield a condition for each thing that is said; a type holds by how the data set was built."""
    there = values.dropna()
    if not column.nullable:
        yield _condition("is never missing", values.isna(), values)
    if column.min is not None and is_numeric(column.type):
        yield _condition(f"at least {column.min}", there < float(column.min), there)
    if column.max is not None and is_numeric(column.type):
        yield _condition(f"at most {column.max}", there > float(column.max), there)
    if column.values:
        allowed = set(column.values)
        yield _condition(f"one of {', '.join(map(str, column.values))}", ~there.isin(allowed), there)


def _condition(name: str, breaking: pd.Series[Any], values: pd.Series[Any]) -> Condition:
    count = int(breaking.sum())
    if not count:
        return Condition(name, PASSED, "")
    example = values[breaking].iloc[0]
    shown = "missing" if example is None or example != example else str(example)  # noqa: PLR0124 - NaN
    return Condition(name, FAILED, f"{count} of {len(values)} rows are not {name}, as {shown}")
