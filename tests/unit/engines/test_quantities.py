from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlopsctl.engines.shared.quantities import whole_bytes


@pytest.mark.parametrize(
    ("quantity", "whole"),
    [
        ("4Gi", "4Gi"),
        ("500M", "500M"),
        ("1048576", "1048576"),
        ("1.5Gi", "1536Mi"),
        ("0.5Ki", "512"),
        ("1.5G", "1500000000"),
        ("1.25k", "1250"),
        ("1500m", "2"),
        ("0.3Mi", "314573"),
    ],
)
def test_a_fraction_of_a_unit_becomes_a_whole_number_of_a_smaller_one(quantity: str, whole: str) -> None:
    assert whole_bytes(quantity) == whole


@given(st.integers(1, 4000), st.integers(0, 999), st.sampled_from(["Ki", "Mi", "Gi"]))
def test_never_less_than_was_asked_for_and_less_than_a_byte_more(whole: int, thousandths: int, unit: str) -> None:
    size = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
    text = whole_bytes(f"{whole}.{thousandths:03}{unit}")

    digits = text.rstrip("KMGTi")
    assert digits.isdigit()
    given_bytes = int(digits) * size.get(text[len(digits) :], 1)
    requested_bytes = Decimal(f"{whole}.{thousandths:03}") * size[unit]
    assert requested_bytes <= given_bytes < requested_bytes + 1
