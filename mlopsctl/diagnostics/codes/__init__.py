"""Every code there is. The tables are read when asked for: an ordinary run needs one or two of them.

In: nothing. Out: `find`, and `ALL` in the order of the numbers. Never builds a finding.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlopsctl.diagnostics.codes.entry import Code

    ALL: tuple[Code, ...]

PREFIX = "MLC"

# The first digit of a code names its tables.
TABLES: tuple[tuple[str, ...], ...] = (
    ("reading",),
    ("shape",),
    ("references",),
    ("freshness",),
    ("training",),
    ("serving",),
    ("alerts",),
    ("policy",),
    ("engines",),
    ("tree", "change", "lock"),
)


def table(name: str) -> tuple[Code, ...]:
    """Return the codes of one table, in the order of their numbers."""
    codes: tuple[Code, ...] = import_module(f"{__name__}.{name}").CODES
    return codes


def find(code: str) -> Code | None:
    """Return the entry of `code`, or None where there is no such code. Case does not matter."""
    wanted = code.upper()
    digits = wanted.removeprefix(PREFIX)
    if len(digits) != 3 or not (digits.isascii() and digits.isdigit()) or digits == wanted:
        return None
    entries = (entry for name in TABLES[int(digits[0])] for entry in table(name))
    return next((entry for entry in entries if entry.code == wanted), None)


def __getattr__(name: str) -> tuple[Code, ...]:
    if name != "ALL":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return tuple(entry for names in TABLES for name in names for entry in table(name))
