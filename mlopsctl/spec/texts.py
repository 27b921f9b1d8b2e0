"""Parse strings with rules of their own: free text, variables, engine versions and PromQL."""

from __future__ import annotations

import re
from functools import lru_cache

from mlopsctl.spec.scalars import fail, scalar_text

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def parse_text(value: object) -> str:
    """Parse free text without control and invisible characters."""
    if not isinstance(value, str):
        raise fail("type", f"`{scalar_text(value)}` is not a string", "put it in quotes")
    match = _INVISIBLE.search(value)
    if match:
        raise fail(
            "value",
            f"the text contains the invisible character U+{ord(match[0]):04X}",
            "write visible text only",
        )
    return value.strip()


def parse_variable(value: object) -> str:
    """Parse the value of a variable: a string, a number or a boolean."""
    return str(value) if isinstance(value, int | float) else parse_text(value)


def parse_version(value: object) -> str:
    """Parse an engine's version; an unquoted number keeps its text."""
    if (
        isinstance(value, (str, int, float))
        and not isinstance(value, bool)
        and re.fullmatch(r"\d[\w.-]*", str(value), re.ASCII)
    ):
        return str(value)
    raise fail("value", f"`{scalar_text(value)}` is not a version", 'write it in quotes: "4.1"')


def parse_promql(value: object) -> str:
    """Parse a PromQL expression with Prometheus' grammar."""
    reason = _promql_error(value) if isinstance(value, str) and value.strip() else "it is empty"
    if reason:
        ranged = "add a range: up[5m]" if "expected type matrix" in reason else ""
        help = ranged or "try it in the Prometheus expression browser first"
        raise fail("promql", f"the expression does not parse: {reason}", help)
    return str(value).strip()


@lru_cache(maxsize=1024)
def _promql_error(text: str) -> str | None:
    import promql_parser

    try:
        promql_parser.parse(text)
    except ValueError as error:
        return str(error).split("\n")[0]
    return None
