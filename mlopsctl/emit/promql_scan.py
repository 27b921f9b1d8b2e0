"""Join a user's PromQL into one line, so that it can be part of another expression."""

from __future__ import annotations

import re
from functools import cache

_CLOSING = {"(": ")", "[": "]", "{": "}"}


@cache
def _tokens() -> re.Pattern[str]:
    strings = r'"(?:\\.|[^"\\\n])*"' + r"|'(?:\\.|[^'\\\n])*'" + r"|`[^`]*`"
    return re.compile(rf"(?P<text>{strings})|(?P<blank>(?:\s|#[^\n]*)+)|(?P<bracket>[()\[\]{{}}])|(?P<rest>.)")


def single_line(written: str) -> str:
    """Remove comments and line breaks from a user's expression.

    Raises ValueError for an empty one and for one whose brackets or quotes do not balance.
    """
    parts: list[str] = []
    open_brackets: list[str] = []
    for token in _tokens().finditer(written):
        part = token[0]
        if token.lastgroup == "blank":
            part = " "
        elif token.lastgroup == "rest" and part in "\"'`":
            raise ValueError("a string in the expression does not end")
        elif part in _CLOSING:
            open_brackets.append(_CLOSING[part])
        elif part in _CLOSING.values() and (not open_brackets or open_brackets.pop() != part):
            raise ValueError("the brackets of the expression do not balance")
        parts.append(part)
    if open_brackets:
        raise ValueError("the brackets of the expression do not balance")
    joined = "".join(parts).strip(" ")
    if not joined:
        raise ValueError("the expression is empty")
    return joined
