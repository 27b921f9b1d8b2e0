"""The columns' contract: types, missing values, bounds and allowed values of the built data set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.features import Column
from mlopsctl.catalogue.types import is_numeric
from mlopsctl.runtime.backends.check_results import FAILED, PASSED, Condition, Outcome
from mlopsctl.runtime.data.artifacts import Dataset

if TYPE_CHECKING:
    import pandas as pd


def check(data: Dataset, columns: tuple[Column, ...]) -> tuple[Outcome, ...]:
    """Check each column against its contract in the spec."""
    return tuple(_outcome(data.rows[column.name], column) for column in columns if column.name in data.rows.columns)


def _outcome(values: pd.Series[Any], column: Column) -> Outcome:
    conditions = tuple(_conditions(values, column))
    broken = [condition.details for condition in conditions if condition.state == FAILED]
    return Outcome(f"column {column.name}", FAILED if broken else PASSED, "; ".join(broken), True, conditions)


def _conditions(values: pd.Series[Any], column: Column) -> Iterator[Condition]:
    """Yield the result of each constraint; types hold by construction of the data set."""
    present = values.dropna()
    if not column.nullable:
        yield _never_missing(values)
    if column.min is not None and is_numeric(column.type):
        yield _condition(f"at least {column.min}", present < float(column.min), present)
    if column.max is not None and is_numeric(column.type):
        yield _condition(f"at most {column.max}", present > float(column.max), present)
    if column.values:
        allowed = set(column.values)
        yield _condition(f"one of {', '.join(map(str, column.values))}", ~present.isin(allowed), present)


def _never_missing(values: pd.Series[Any]) -> Condition:
    name, count = "is never missing", int(values.isna().sum())
    return (
        Condition(name, FAILED, f"{count} of {len(values)} rows have no value")
        if count
        else Condition(name, PASSED, "")
    )


def _condition(name: str, breaking: pd.Series[Any], values: pd.Series[Any]) -> Condition:
    count = int(breaking.sum())
    if not count:
        return Condition(name, PASSED, "")
    return Condition(name, FAILED, f"{count} of {len(values)} rows are not {name}, such as {values[breaking].iloc[0]}")
