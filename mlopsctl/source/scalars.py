"""Resolve unquoted scalars by the YAML 1.2 core schema, not by 1.1.

A number that other programs would read differently becomes the value `OUT_OF_RANGE`.
"""

from __future__ import annotations

import re
from enum import Enum
from math import isfinite
from typing import Final, Literal

from mlopsctl.source.node import ScalarValue


class _Unreadable(Enum):
    OUT_OF_RANGE = "out of range"


OUT_OF_RANGE: Final = _Unreadable.OUT_OF_RANGE

NAMED_SCALARS: Final[dict[str, ScalarValue]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
NO_NUMBERS = frozenset(
    [sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")] + [".nan", ".NaN", ".NAN"]
)
NUMBER_STARTS = frozenset("+-.0123456789")
NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)|0o(?P<oct>[0-7]+)|0x(?P<hex>[0-9a-fA-F]+)"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
)
BITS = 64
MAX_DIGITS = 40  # more digits than any 64-bit number; limits the cost of conversion


def resolve(text: str) -> ScalarValue | Literal[_Unreadable.OUT_OF_RANGE]:
    """Return the value of a plain scalar."""
    if text in NAMED_SCALARS:
        return NAMED_SCALARS[text]
    if text[0] not in NUMBER_STARTS:
        return text
    if text in NO_NUMBERS:
        return OUT_OF_RANGE
    match = NUMBER.fullmatch(text)
    return number(match) if match else text


def number(match: re.Match[str]) -> int | float | Literal[_Unreadable.OUT_OF_RANGE]:
    """Return the number that `NUMBER` matched."""
    kind = match.lastgroup
    if kind is None:
        value = float(match[0])
        return value if isfinite(value) else OUT_OF_RANGE
    digits = match[kind]
    if len(digits) > MAX_DIGITS:
        return OUT_OF_RANGE
    whole_number = int(digits, {"int": 10, "oct": 8, "hex": 16}[kind])
    return whole_number if -(2 ** (BITS - 1)) <= whole_number < 2 ** (BITS - 1) else OUT_OF_RANGE
