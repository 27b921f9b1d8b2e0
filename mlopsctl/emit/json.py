"""Write JSON: indented for files, compact for hashes.

Decimals keep their digits, and keys keep their order. With origins, the lines of a map belong to the outermost map
that has an origin.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring_ascii

from mlopsctl.emit.numbers import decimal_text, float_text
from mlopsctl.emit.origin import Pieces, Traced, located

_MOST_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 256


class _Strings(dict[str, str]):
    """The quoted form of each string."""

    def __missing__(self, value: str) -> str:
        if not isinstance(value, str):
            raise TypeError(f"a key must be text, not {type(value).__name__}")
        text = encode_basestring_ascii(value).replace("\x7f", "\\u007f")
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[str.__str__(value)] = text
        return text


_STRINGS = _Strings()


def _leaf(value: object) -> str:
    """Write a value without children."""
    if isinstance(value, str):
        return _STRINGS[str.__str__(value)]
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is int or (isinstance(value, int) and isinstance(value, Enum)):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, dict):
        return "{}"
    if type(value) is list or type(value) is tuple:
        return "[]"
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")


def _indented(value: object, start: str, step: str, traced: list[tuple[str, Pieces]]) -> str:
    """Write a value whose lines begin with `start`, a newline and its indentation."""
    kind = type(value)
    if kind is str:
        return _STRINGS[value]  # type: ignore[index]
    inner = start + step
    if kind is dict and value:
        pairs = [f"{_STRINGS[key]}: {_indented(item, inner, step, traced)}" for key, item in value.items()]  # type: ignore[attr-defined]
        return "{" + inner + ("," + inner).join(pairs) + start + "}"
    if (kind is list or kind is tuple) and value:
        items = [_indented(item, inner, step, traced) for item in value]  # type: ignore[attr-defined]
        return "[" + inner + ("," + inner).join(items) + start + "]"
    if kind is Traced and value:
        text = _indented(dict(value), start, step, [])  # type: ignore[call-overload]
        traced.append((text, value.about))  # type: ignore[attr-defined]
        return text
    return _leaf(value)


def compact(value: object) -> str:
    """Write one line for a hash: keys sorted by code point, no blanks, no newline."""
    if type(value) is str:
        return _STRINGS[value]
    if isinstance(value, dict) and value:
        pairs = [f"{_STRINGS[key]}:{compact(value[key])}" for key in sorted(value)]
        return "{" + ",".join(pairs) + "}"
    if (type(value) is list or type(value) is tuple) and value:
        return "[" + ",".join(map(compact, value)) + "]"
    return _leaf(value)


def dumps(value: object, indent: int = 2) -> str:
    """Write a file: keys in the order given, `indent` blanks a level, a newline at the end.

    Raises TypeError for a value of any other kind and for NaN and infinity.
    """
    traced: list[tuple[str, Pieces]] = []
    return located(_indented(value, "\n", " " * indent, traced) + "\n", traced)
