"""JSON for files is what the standard library would write, with exact decimals."""

from __future__ import annotations

import json
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.emit.hostile_text import texts, unwanted

from mlopsctl.emit.json import compact, dumps

leaves = texts | st.integers() | st.booleans() | st.none()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_a_file_looks_as_the_standard_library_writes_it(value):
    assert dumps(value) == json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


@given(values)
def test_the_compact_form_is_sorted_and_without_blanks(value):
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"))
    assert compact(value) == plain.replace("\x7f", "\\u007f")


@given(values)
def test_only_visible_ascii_is_written(value):
    text = dumps(value)
    assert text.isascii()
    assert unwanted(text) == set()


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_keeps_every_digit(number):
    read = json.loads(dumps([number]), parse_float=Decimal, parse_int=Decimal)[0]
    assert read.as_tuple() == number.as_tuple() or read == number


def test_digits_behind_the_point_stay():
    assert dumps({"a": Decimal("0.9990"), "b": Decimal("1E+3"), "c": 1e20}) == (
        '{\n  "a": 0.9990,\n  "b": 1000,\n  "c": 1.0e+20\n}\n'
    )
    assert compact([Decimal("1E+100"), Decimal("-2.5E-90")]) == "[1.0e+100,-2.5e-90]"


def test_the_order_of_keys_does_not_change_a_hash():
    assert compact({"b": 1, "a": [{"d": 2, "c": 3}]}) == compact({"a": [{"c": 3, "d": 2}], "b": 1})


def test_the_indentation_can_be_chosen():
    assert dumps({"a": [1]}, indent=4) == '{\n    "a": [\n        1\n    ]\n}\n'


class Word(StrEnum):
    A = "a"


def test_an_enum_is_written_as_its_value():
    assert compact({Word.A: Word.A}) == '{"a":"a"}'


@pytest.mark.parametrize("value", [{1: 2}, {1}, b"a", float("inf"), Decimal("NaN"), [...]], ids=ascii)
def test_any_other_value_is_a_bug(value):
    with pytest.raises(TypeError):
        dumps(value)
    with pytest.raises(TypeError):
        compact(value)
