"""Diagnostic codes of this package's engines, each engine's from `codes.py` of its folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from mlopsctl.engines import ENGINES

if TYPE_CHECKING:
    from types import ModuleType

    from mlopsctl.diagnostics.codes.entry import Code


@cache
def modules() -> tuple[ModuleType, ...]:
    """Import the modules with the codes of each engine that has any."""
    names = (f"mlopsctl.engines.{each.folder}.codes" for each in ENGINES)
    return tuple(import_module(name) for name in names if find_spec(name))


def codes() -> tuple[Code, ...]:
    """Return the codes of all engines, in the order of the list of engines."""
    return tuple(code for module in modules() for code in module.CODES)
