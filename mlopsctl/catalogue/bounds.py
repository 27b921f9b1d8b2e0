"""Compare a measured number with a bound of the spec, as exact decimals.

A float is compared as its shortest decimal: 0.7 equals `0.7`, although the nearest binary number is smaller.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

DIGITS: Final = 12
"""Significant digits of a computed number; further digits are rounding errors."""


def exact(value: float) -> Decimal:
    """Return a computed number as a decimal."""
    return Decimal(text(value))


def text(value: float) -> str:
    """Return all significant digits, for programs."""
    return format(value, f".{DIGITS}g")


def below(value: float, bound: Decimal | None) -> bool:
    """Return whether a number is below its minimum; NaN is."""
    return bound is not None and (value != value or exact(value) < bound)  # noqa: PLR0124 - NaN


def above(value: float, bound: Decimal | None) -> bool:
    """Return whether a number is above its maximum; NaN is."""
    return bound is not None and (value != value or exact(value) > bound)  # noqa: PLR0124 - NaN


def worsening(value: float, before: float, *, higher_is_better: bool) -> Decimal:
    """Return by how much a number is worse than an earlier one; negative if it is better."""
    return (exact(before) - exact(value)) * (1 if higher_is_better else -1)


def number_text(value: float | Decimal, bound: Decimal | None = None) -> str:
    """Format a number for people: four decimals, or all digits if four would hide on which side of `bound` it is."""
    number = value if isinstance(value, Decimal) else exact(value)
    short = f"{number:.4f}"
    if not number.is_finite() or _side(number, bound) == _side(Decimal(short), bound):
        return short
    return f"{number.normalize():f}"


def _side(number: Decimal, bound: Decimal | None) -> Decimal:
    return number.compare(bound or Decimal(0))
