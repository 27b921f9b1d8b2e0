"""Text as a terminal may show it: what cannot be seen, or steers the terminal, is written as an escape."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""Return the text with tabs, controls, direction marks and the like as `\t`, `\x1b`, `\u202e`."""
    if text.isprintable():
        return text
    return "".join(map(cell, text))


def cell(character: str) -> str:
    """Return one character as it may be shown."""
    return character if character.isprintable() else ascii(character)[1:-1]


def width(text: str) -> int:
    """Return how many columns a terminal needs for a text that is visible already."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    columns = 0
    for character in text:
        if category(character) not in ("Mn", "Me"):
            columns += 2 if east_asian_width(character) in "WF" else 1
    return columns


def cut(text: str, limit: int) -> str:
    """Return the text, or its beginning and an ellipsis where it has more than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
