"""All diagnostic codes. The tables are imported on use: a typical run needs one or two."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlopsctl.diagnostics.codes.entry import Code

    ALL: tuple[Code, ...]

PREFIX = "MLC"

# This table has the codes in the folders of the engines as well.
ENGINES = "engines"
# The first digit of a code names its tables.
TABLES: tuple[tuple[str, ...], ...] = (
    ("reading",),
    ("shape",),
    ("references",),
    ("freshness",),
    ("training",),
    ("serving",),
    ("alerts",),
    ("policy", "pods", "outside"),
    (ENGINES,),
    ("tree", "change", "lock", "local"),
)


def table(name: str) -> tuple[Code, ...]:
    """Return the codes of one table, in the order of their numbers."""
    codes: tuple[Code, ...] = import_module(f"{__name__}.{name}").CODES
    if name != ENGINES:
        return codes
    from mlopsctl.engines.codes import codes as codes_of_engines

    return tuple(sorted((*codes, *codes_of_engines()), key=lambda entry: entry.code))


def find(code: str) -> Code | None:
    """Return the entry of `code`, or None where there is no such code. Case does not matter."""
    normal = code.upper()
    digits = normal.removeprefix(PREFIX)
    if len(digits) != 3 or not (digits.isascii() and digits.isdigit()) or digits == normal:
        return None
    entries = (entry for name in TABLES[int(digits[0])] for entry in table(name))
    return next((entry for entry in entries if entry.code == normal), None)


def __getattr__(name: str) -> tuple[Code, ...]:
    if name != "ALL":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return tuple(entry for names in TABLES for name in names for entry in table(name))
