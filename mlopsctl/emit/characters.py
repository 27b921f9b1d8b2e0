"""The characters that a file may contain unescaped, and the escapes of the others.

`unicodedata`, `str.isprintable` and `repr` are not used beyond ASCII: their results change with the version of
Python.
"""

from __future__ import annotations

from collections.abc import Mapping

# Control, format, line and paragraph separators, surrogates, noncharacters, and blank letters.
INVISIBLE: tuple[tuple[int, int], ...] = (
    (0x0000, 0x001F),
    (0x007F, 0x009F),
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xD800, 0xDFFF),
    (0xFDD0, 0xFDEF),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)


def is_invisible(code: int) -> bool:
    """Return whether a code point must be escaped in every file."""
    if code & 0xFFFE == 0xFFFE:
        return True
    return any(first <= code <= last for first, last in INVISIBLE)


class Escapes(dict[int, str]):
    """A table for `str.translate`: invisible characters become `\\uXXXX` or `\\UXXXXXXXX`.

    `own` contains the escapes that the language spells differently. From `raw_below` on, every character is escaped.
    """

    def __init__(self, own: Mapping[str, str], raw_below: int) -> None:
        super().__init__({ord(character): escape for character, escape in own.items()})
        self._raw_below = raw_below

    def __missing__(self, code: int) -> str:
        if code < self._raw_below and not is_invisible(code):
            text = chr(code)
        else:
            text = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
        self[code] = text
        return text


_VISIBLE = Escapes({}, 0x110000)


def all_visible(text: str) -> bool:
    """Return whether no character of the text is invisible (a tab and a newline are)."""
    if text.isascii():
        return text.isprintable()
    return text.translate(_VISIBLE) == text


def check_encodable(text: str) -> None:
    """Raise ValueError for a lone surrogate, which UTF-8 cannot encode."""
    if not text.isascii():
        text.encode("utf-8")
