"""A request held against the contract."""

from __future__ import annotations

from typing import Any

import pytest

from mlopsctl.runtime.serving.requests import RequestInput, datatype, fits, request_types, wrong

CONTRACT: dict[str, Any] = {
    "asks": "request",
    "keys": [{"name": "card_id", "type": "string"}],
    "request": [{"name": "amount", "type": "float64"}, {"name": "count", "type": "int64"}],
    "inputs": [{"name": "ratio", "type": "float64"}],
}
RIGHT = (
    RequestInput("card_id", "BYTES", [2], 2),
    RequestInput("amount", "FP64", [2, 1], 2),
    RequestInput("count", "INT32", [2], 2),
)


def changed(place: int, **values: Any) -> tuple[RequestInput, ...]:
    return tuple(tensor._replace(**values) if i == place else tensor for i, tensor in enumerate(RIGHT))


def test_a_right_request_passes() -> None:
    assert wrong(CONTRACT, RIGHT) == ""
    assert wrong(CONTRACT, changed(1, datatype="INT64")) == "", "a whole number is a number"


def test_an_endpoint_without_lookups_asks_for_the_models_own_inputs() -> None:
    plain = {**CONTRACT, "asks": "inputs"}
    assert request_types(plain) == {"ratio": "float64"}
    assert wrong(plain, (RequestInput("ratio", "FP64", [1], 1),)) == ""


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ((), "input `card_id` is missing; required inputs: card_id, amount, count"),
        (RIGHT[:2], "input `count` is missing"),
        ((*RIGHT, RIGHT[0]), "duplicate input `card_id`"),
        ((*RIGHT, RequestInput("ratio", "FP64", [2], 2)), "unknown input `ratio`"),
        (changed(1, datatype="BYTES"), "input `amount` is float64: its datatype must be FP64, not BYTES"),
        (changed(2, datatype="FP64"), "input `count` is int64"),
        (changed(0, shape=[2, 2]), "not [2, 2]"),
        (changed(0, shape=[]), "not []"),
        (changed(0, shape=[-1]), "not [-1]"),
        (changed(0, length=3), "has 3 values, but its shape declares 2"),
        (changed(0, lacking=True), "input `card_id` is not nullable"),
        (changed(2, shape=[1], length=1), "input `count` has 1 rows, but `card_id` has 2"),
        (tuple(tensor._replace(shape=[0], length=0) for tensor in RIGHT), "the request has no rows"),
    ],
)
def test_what_is_wrong_is_told_by_the_name_of_the_input(inputs: tuple[RequestInput, ...], message: str) -> None:
    assert message in wrong(CONTRACT, inputs)


def test_each_type_has_a_word_of_the_protocol() -> None:
    datatypes = {kind: datatype(kind) for kind in ("bool", "int32", "float64", "string", "timestamp")}
    assert datatypes == {"bool": "BOOL", "int32": "INT32", "float64": "FP64", "string": "BYTES", "timestamp": "BYTES"}


JSON_VALUES = (None, True, 1, 1.0, 1.5, "x", [1], {"a": 1})


@pytest.mark.parametrize(
    ("datatype", "taken"),
    [
        ("BYTES", (None, "x")),
        ("BOOL", (None, True)),
        ("INT64", (None, 1, 1.0)),
        ("UINT8", (None, 1, 1.0)),
        ("FP64", (None, 1, 1.0, 1.5)),
    ],
)
def test_a_value_is_taken_by_its_datatype_alone(datatype: str, taken: tuple[object, ...]) -> None:
    texts = [repr(json_value) for json_value in JSON_VALUES if fits(datatype, json_value)]
    assert texts == [repr(value) for value in taken]


def test_a_value_of_another_kind_is_told_by_the_name_of_its_input() -> None:
    assert wrong(CONTRACT, changed(0, odd=True)) == "input `card_id` has a value that is not of datatype BYTES"


def test_null_is_taken_where_the_contract_lets_it_be_missing() -> None:
    loose = {**CONTRACT, "request": [{**field, "nullable": True} for field in CONTRACT["request"]]}
    assert wrong(loose, changed(1, lacking=True)) == ""
    assert "is not nullable" in wrong(loose, changed(0, lacking=True))
