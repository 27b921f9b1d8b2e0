from __future__ import annotations

import pytest

from mlopsctl.catalogue.types import COLUMN_TYPES, is_categorical, is_numeric, widening


def test_there_is_a_list_of_each_scalar() -> None:
    scalars = [name for name, each in COLUMN_TYPES.items() if not each.is_array]

    assert scalars == ["string", "bool", "bytes", "int32", "int64", "float32", "float64", "timestamp"]
    assert [name for name, each in COLUMN_TYPES.items() if each.is_array] == [f"array<{each}>" for each in scalars]


def test_an_array_is_named_by_its_items() -> None:
    column_type = COLUMN_TYPES["array<int64>"]

    assert (column_type.feast, column_type.item, column_type.feast_value) == ("Array", "int64", "INT64_LIST")
    assert (column_type.pyarrow, column_type.kfp, column_type.v2) == ("list<item: int64>", "LIST", "INT64")


@pytest.mark.parametrize("name", ["array<array<int64>>", "decimal", "", "Int64"])
def test_what_the_language_lacks_is_not_found(name: str) -> None:
    assert name not in COLUMN_TYPES


def test_numbers_and_categories_are_told_apart() -> None:
    assert [name for name in COLUMN_TYPES if is_numeric(name)] == ["int32", "int64", "float32", "float64"]
    assert [name for name in COLUMN_TYPES if is_categorical(name)] == ["string", "bool"]


@pytest.mark.parametrize(
    ("old", "new", "fits"),
    [
        ("int32", "int64", True),
        ("int64", "int32", False),
        ("int32", "float64", True),
        ("int64", "float64", False),
        ("float32", "float64", True),
        ("int32", "float32", False),
        ("string", "string", True),
        ("bool", "string", False),
        ("array<int32>", "array<int64>", True),
        ("array<int64>", "array<int32>", False),
        ("array<int32>", "int64", False),
        ("int32", "array<int32>", False),
        ("decimal", "int64", False),
    ],
)
def test_a_type_widens_only_where_no_value_is_lost(old: str, new: str, fits: bool) -> None:
    assert widening(old, new) is fits
