"""Examples: labels that matchers pick, and numbers just beyond or just short of a threshold.

In: matchers, or a threshold. Out: labels and decimals. The patterns understood are those of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from functools import lru_cache

_UP = Context(prec=3, rounding=ROUND_CEILING)
_DOWN = Context(prec=3, rounding=ROUND_FLOOR)
_BEYOND, _SHORT = Decimal("1.01"), Decimal("0.99")


def labels(matchers: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return labels that the matchers pick; a label that must not have a value is left out."""
    found = {}
    for label, operator, value in matchers:
        if operator == "=":
            found[label] = value
        elif operator == "=~":
            found[label] = matching(value)
    return found


@lru_cache(maxsize=1024)
def matching(pattern: str) -> str:
    """Return a text that a pattern matches whole: its first alternative, each class and dot filled in."""
    found, depth, position = [], 0, 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
            found.append(pattern[position])
        elif character == "(":
            # Only `(...)?` is used: nothing at all matches it.
            depth += 1
            position = pattern.index(")", position)
            depth -= 1
        elif character == "[":
            end = pattern.index("]", position)
            found.append(pattern[position + 1])
            position = end
        elif character == "|":
            break
        elif character == ".":
            found.append("0")
        elif character not in "?+*":
            found.append(character)
        position += 1
    return "".join(found)


def beyond(threshold: Decimal) -> Decimal:
    """Return a ratio about one percent above a threshold, in three digits; never more than 1."""
    return min(_UP.multiply(threshold, _BEYOND), Decimal(1))


def short_of(threshold: Decimal) -> Decimal:
    """Return a ratio about one percent below a threshold, in three digits."""
    return _DOWN.multiply(threshold, _SHORT)
