"""Example inputs: labels that match, and numbers just above or just below a threshold.

Only the patterns that the catalogue uses are supported.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from functools import lru_cache

Matchers = tuple[tuple[str, str, str], ...]

_UP = Context(prec=3, rounding=ROUND_CEILING)
_DOWN = Context(prec=3, rounding=ROUND_FLOOR)
_BEYOND, _SHORT = Decimal("1.01"), Decimal("0.99")


def labels(matchers: Matchers, alternative: int = 0) -> dict[str, str]:
    """Return labels that match; a label that must be empty is left out.

    For a pattern with alternatives, the alternative with that index is used, or the last one.
    """
    picked = {}
    for label, operator, value in matchers:
        if operator == "=":
            picked[label] = value
        elif operator == "=~":
            texts = alternatives(value)
            picked[label] = texts[min(alternative, len(texts) - 1)]
    return picked


def variants(matchers: Matchers) -> list[dict[str, str]]:
    """Return labels for every alternative of the matchers' patterns."""
    most = max([len(alternatives(value)) for _, operator, value in matchers if operator == "=~"], default=1)
    return [labels(matchers, number) for number in range(most)]


@lru_cache(maxsize=1024)
def alternatives(pattern: str) -> tuple[str, ...]:
    """Return a text for each alternative of a pattern: dots and classes are filled in, optional parts left out."""
    texts, written, position = [], "", 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
            written += pattern[position]
        elif character == "(":
            # The catalogue uses only `(...)?`.
            position = pattern.index(")", position)
        elif character == "[":
            written += pattern[position + 1]
            position = pattern.index("]", position)
        elif character == "|":
            texts.append(written)
            written = ""
        elif character == ".":
            written += "0"
        elif character not in "?+*":
            written += character
        position += 1
    return (*texts, written)


def beyond(threshold: Decimal) -> Decimal:
    """Return a ratio about one percent above a threshold, in three digits; never more than 1."""
    return min(_UP.multiply(threshold, _BEYOND), Decimal(1))


def short_of(threshold: Decimal) -> Decimal:
    """Return a ratio about one percent below a threshold, in three digits."""
    return _DOWN.multiply(threshold, _SHORT)
