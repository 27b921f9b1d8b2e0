"""Write numbers exactly, in a form that every parser reads as a number."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

_LONGEST_FIXED = 40


def decimal_text(value: Decimal) -> str:
    """Write every digit of a finite Decimal; TypeError for NaN and infinity."""
    if not value.is_finite():
        raise TypeError(f"no file format of ours holds the number {value}")
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - follows from is_finite
    if -_LONGEST_FIXED <= exponent <= _LONGEST_FIXED:
        return format(value, "f")
    first, rest = digits[0], "".join(map(str, digits[1:])) or "0"
    power = exponent + len(digits) - 1
    return f"{'-' * sign}{first}.{rest}e{power:+d}"


def float_text(value: float) -> str:
    """Write the shortest text that reads back as the same float; TypeError for NaN and infinity."""
    if not isfinite(value):
        raise TypeError(f"no file format of ours holds the number {value}")
    text = float.__repr__(value)
    if "e" in text and "." not in text:
        # YAML 1.1 reads `1e+20` as a string.
        return text.replace("e", ".0e")
    return text
