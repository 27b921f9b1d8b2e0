"""Imports of libraries without the work that no step needs: most of the time to import them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def without_type_checks() -> Iterator[None]:
    """Import Feast without compiling its functions again: typeguard adds a type check to each of their lines.

    That is four fifths of Feast's import. `python -O` leaves the checks out, too.
    """
    try:
        import typeguard
    except ImportError:
        yield
        return
    checked = typeguard.typechecked
    vars(typeguard)["typechecked"] = _unchanged
    try:
        yield
    finally:
        vars(typeguard)["typechecked"] = checked


def _unchanged(target: Callable[..., Any]) -> Callable[..., Any]:
    return target


_GRAMMARS = "rfc3987_syntax"
"""What jsonschema imports, if it is installed, to check IRIs: it compiles 39 grammars, half of Deepchecks' import."""


@contextmanager
def without_grammars() -> Iterator[None]:
    """Import jsonschema as if its optional checker of IRIs was not installed."""
    if _GRAMMARS in sys.modules:
        yield
        return
    sys.modules[_GRAMMARS] = None  # type: ignore[assignment]  # by which Python marks a module that is not there
    try:
        yield
    finally:
        del sys.modules[_GRAMMARS]
