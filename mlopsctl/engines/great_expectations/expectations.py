"""Great Expectations 1.24.1: its expectations with their parameters, and which of them hold a column's contract.

It drops a type that it does not know with a line in its log, and validates the rest: what is not in this table must not
be rendered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

from mlopsctl.catalogue.checks import CheckCatalogue, CheckType
from mlopsctl.catalogue.parameter import Parameter
from mlopsctl.catalogue.types import is_numeric

VERSION: Final = "1.24.1"
CRITICAL: Final = "critical"
COLUMN_PARAMETERS: Final = ("column", "column_A", "column_B", "column_list", "column_set")
"""The parameters that name columns."""
PATTERN_PARAMETERS: Final = ("regex", "regex_list")
"""The parameters that are regular expressions."""
_FILE: Final = Path(__file__).parent / "data" / f"great-expectations-{VERSION}.json"
# With a value missing, pandas makes floats of whole numbers.
_INTEGER_DTYPES: Final = ("int32", "int64", "Int32Dtype", "Int64Dtype", "float64")
_REAL: Final = ("float32", "float64", "Float32Dtype", "Float64Dtype")
_FRAME_TYPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "string": ("str", "StringDtype"),
        "bool": ("bool", "BooleanDtype", "int64", "float64"),  # truths are 0 and 1, and floats where one may miss
        "bytes": ("bytes",),
        "int32": _INTEGER_DTYPES,
        "int64": _INTEGER_DTYPES,
        "float32": _REAL,
        "float64": _REAL,
    }
)
"""What the library calls the types of columns as the steps write them; it knows no time with a zone."""


class ExpectationType(NamedTuple):
    """An expectation: its type, which is its name in a suite's file, its class and its parameters."""

    type: str
    class_name: str
    params: Mapping[str, Parameter]


class Expectation(NamedTuple):
    """One expectation of a suite: what it is `of`, what it `says` of it, and how much its failing weighs."""

    subject: str
    sentence: str
    type: str
    kwargs: Mapping[str, Any]
    severity: str = CRITICAL


class Contract(Protocol):
    """What a spec says of a column."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def nullable(self) -> bool: ...
    @property
    def min(self) -> Decimal | None: ...
    @property
    def max(self) -> Decimal | None: ...
    @property
    def values(self) -> tuple[str | int, ...]: ...


class RequestedCheck(Protocol):
    """A check of the spec: its name, the expectation's type, and its parameters."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


class Part(Protocol):
    """The checks of one stage."""

    @property
    def stage(self) -> str: ...
    @property
    def checks(self) -> Sequence[RequestedCheck]: ...


@cache
def expectation_types() -> Mapping[str, ExpectationType]:
    """List every expectation that can look at a data frame, by its type."""
    data: Mapping[str, Any] = json.loads(_FILE.read_bytes())
    return MappingProxyType(
        {
            name: ExpectationType(name, entry["class"], _parameters(entry["params"]))
            for name, entry in data["expectations"].items()
        }
    )


def _parameters(entries: Mapping[str, Any]) -> Mapping[str, Parameter]:
    return MappingProxyType(
        {
            name: Parameter(
                name,
                tuple(entry["types"]),
                entry["required"],
                entry.get("default"),
                tuple(entry.get("words", ())),
                entry.get("low"),
                entry.get("high"),
            )
            for name, entry in entries.items()
        }
    )


def suite(contract: Iterable[Contract], stages: Iterable[Part]) -> tuple[Expectation, ...]:
    """Return the expectations of the training set: the contracts of its columns, then the spec's checks."""
    columns = [expectation for column in contract for expectation in _of_column(column)]
    return (*columns, *(_of_check(check) for stage in stages if stage.stage == "data" for check in stage.checks))


def _of_column(column: Contract) -> Iterator[Expectation]:
    """Yield what holds a column to its contract."""
    subject, where = f"column {column.name}", {"column": column.name}
    yield Expectation(subject, "exists", "expect_column_to_exist", where)
    if types := _FRAME_TYPES.get(column.type):
        kwargs: dict[str, Any] = {**where, "type_list": list(types)}
        yield Expectation(subject, f"is of type {column.type}", "expect_column_values_to_be_in_type_list", kwargs)
    if not column.nullable:
        yield Expectation(subject, "is never missing", "expect_column_values_to_not_be_null", where)
    for side, name, bound in (("least", "min_value", column.min), ("most", "max_value", column.max)):
        if bound is not None and is_numeric(column.type):
            kwargs = {**where, name: bound}
            yield Expectation(subject, f"at {side} {bound}", "expect_column_values_to_be_between", kwargs)
    if column.values:
        sentence = f"one of {', '.join(map(str, column.values))}"
        kwargs = {**where, "value_set": list(column.values)}
        yield Expectation(subject, sentence, "expect_column_values_to_be_in_set", kwargs)


def _of_check(check: RequestedCheck) -> Expectation:
    """Return what a check of the spec expects; how much its failing weighs is no argument of the expectation."""
    kwargs = {key: value for key, value in check.params.items() if key != "severity"}
    severity = check.params.get("severity", CRITICAL)
    return Expectation(check.name, check.kind.replace("_", " "), check.kind, kwargs, severity)


def _types() -> Mapping[str, CheckType]:
    return {name: CheckType(entry.params) for name, entry in expectation_types().items()}


CATALOGUE: Final = CheckCatalogue("Great Expectations", "expectation", _types, scope=" for a data frame")
