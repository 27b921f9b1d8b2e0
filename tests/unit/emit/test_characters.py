"""The table of invisible characters, held against the Unicode data of the running Python."""

from __future__ import annotations

import sys
import unicodedata
from decimal import Decimal

import pytest
from unit.emit.hostile_text import UNWANTED

from mlopsctl.emit.characters import INVISIBLE, all_visible, check_encodable, is_invisible
from mlopsctl.emit.numbers import decimal_text, float_text


def test_every_control_format_and_separator_character_is_in_the_table():
    missed = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in UNWANTED and not is_invisible(code)
    ]
    assert missed == []


def test_the_table_is_sorted_and_without_overlap():
    edges = [edge for pair in INVISIBLE for edge in pair]
    assert edges == sorted(edges)


def test_letters_digits_and_punctuation_are_visible():
    assert all_visible("a Z 9 ~ \xe9 \u3042 \u2013 \U0001f6a8")


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "\x7f", "\xe9\u200b", "\u202e", "\ufeff", "\U000e0041"])
def test_a_text_with_an_invisible_character_is_found(text):
    assert not all_visible(text)


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        check_encodable("a\ud800")


@pytest.mark.parametrize(
    ("number", "text"),
    [(1e20, "1.0e+20"), (1.5e-7, "1.5e-07"), (0.1, "0.1"), (-0.0, "-0.0"), (1e16, "1.0e+16"), (1.0, "1.0")],
)
def test_a_float_has_a_dot_before_its_exponent(number, text):
    assert float_text(number) == text
    assert float(text) == number


def test_a_number_that_is_none_is_refused():
    for number in (float("nan"), float("inf"), float("-inf")):
        with pytest.raises(TypeError):
            float_text(number)
    for word in ("NaN", "sNaN", "Infinity", "-Infinity"):
        with pytest.raises(TypeError):
            decimal_text(Decimal(word))
