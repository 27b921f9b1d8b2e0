"""Columns: contracts that values of the column's type can meet, and that some check enforces."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, Final

from mlopsctl.catalogue.types import is_numeric
from mlopsctl.diagnostics.codes import references as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.model import Landscape, System, Training
from mlopsctl.rules.finding import Path, at

_INTEGER_RANGE: Final = {"int32": 2**31, "int64": 2**63}


def contracts(system: System) -> Iterator[Diagnostic]:
    """Require bounds and values that fit the column's type."""
    data = system.spec.data
    for source, spec in data.sources.items() if data else ():
        for name, column in spec.columns.items():
            path: Path = ("spec", "data", "sources", source, "columns", name)
            yield from _bounds(system, name, column, path)
            yield from _values(system, name, column, path)


def _bounds(system: System, name: str, column: Any, path: Path) -> Iterator[Diagnostic]:
    for field in ("min", "max"):
        if getattr(column, field) is not None and not is_numeric(column.type):
            message = f"`{name}` is {column.type}, but bounds apply to numbers only"
            help = "list the allowed texts in `values`" if column.type == "string" else f"remove `{field}`"
            yield at(system, codes.COLUMN_CONTRACT, (*path, field), message, help=help)
    if column.min is not None and column.max is not None and column.min > column.max:
        message = f"no value is at least {column.min} and at most {column.max}"
        yield at(system, codes.COLUMN_CONTRACT, (*path, "min"), message, help="swap `min` and `max`")


def _values(system: System, name: str, column: Any, path: Path) -> Iterator[Diagnostic]:
    for i, value in enumerate(column.values or ()):
        why = _misfit(value, column.type) or _outside(value, column.min, column.max)
        if why:
            help = f"write {_example(column.type)}"
            yield at(system, codes.COLUMN_CONTRACT, (*path, "values", i), f"`{name}` {why}", help=help)


def _misfit(value: str | int, kind: str) -> str:
    """Return why a value does not fit the column's type; empty when it fits."""
    text = f"the text `{value}`" if isinstance(value, str) else f"the number {value}"
    if kind == "string":
        fits = isinstance(value, str)
    elif kind == "bool":
        fits = value in (0, 1)
    elif kind in _INTEGER_RANGE:
        fits = isinstance(value, int) and -_INTEGER_RANGE[kind] <= value < _INTEGER_RANGE[kind]
    else:
        fits = is_numeric(kind) and isinstance(value, int)
    return "" if fits else f"is {kind}, so it is never {text}"


def _outside(value: str | int, low: Decimal | None, high: Decimal | None) -> str:
    if isinstance(value, int) and ((low is not None and value < low) or (high is not None and value > high)):
        return f"is never {value}: the value is outside `min` and `max`"
    return ""


def _example(kind: str) -> str:
    if kind == "string":
        return 'a string; quote it where it looks like a number: "1"'
    if is_numeric(kind):
        return "an unquoted number within the type and the bounds"
    return "0 or 1" if kind == "bool" else f"no `values`: {kind} columns do not support them"


Place = tuple[str, str, str]
"""A column: (system, source, name)."""

_FIELDS: Final = ("nullable", "min", "max", "values")


def unchecked(landscape: Landscape) -> Iterator[Diagnostic]:
    """Report contracts on columns outside every training set: no check enforces them.

    Systems without a model are skipped: their columns are checked by the systems that train on them.
    """
    systems = landscape.systems.values()
    complete = all(_is_readable(system) for system in systems)
    held_columns = {
        place for system in systems if system.training for place in _checked_columns(system.name, system.training)
    }
    for system in systems if complete else ():
        data = system.spec.data if system.training else None
        for source, spec in data.sources.items() if data else ():
            times = {spec.event_time, spec.created_time}
            for name, column in spec.columns.items():
                path: Path = ("spec", "data", "sources", source, "columns", name)
                stated = _constraints(column) if (system.name, source, name) not in held_columns else []
                if any((*_bounds(system, name, column, path), *_values(system, name, column, path))):
                    stated = []  # reported by `contracts`
                keys = _keys(system, source)
                if name in keys | times and "nullable" in stated:
                    stated.remove("nullable")  # rows without a key or a time are dropped and counted
                if stated:
                    message = f"{_reason(system, source, name, keys)}: no check enforces its {_list(stated)}"
                    yield at(system, codes.UNCHECKED, (*path, stated[0]), message)


def _is_readable(system: System) -> bool:
    """Return whether the whole system was readable: an unreadable part may be what reads a column."""
    read = not system.origin.left_out and not system.origin.uncertain
    return (
        read
        and all(view.complete for view in system.views.values())
        and all(feature_set.complete for feature_set in system.sets.values())
    )


def _checked_columns(name: str, training: Training) -> Iterator[Place]:
    """Yield the columns that the data check of a training set covers."""
    for feature in training.features.features:
        if feature.view:
            yield (feature.view.system, feature.view.source_name, feature.name)
    label = training.label
    keys = [view.entity.key for view in training.features.views]
    for column in (*keys, *training.features.spec.request, label.column):
        yield (name, label.source_name, column)


def _constraints(column: Any) -> list[str]:
    """List the constraints of a column besides its type."""
    return [
        field
        for field in _FIELDS
        if (getattr(column, field) is False if field == "nullable" else getattr(column, field) is not None)
    ]


def _keys(system: System, source: str) -> set[str]:
    return {view.entity.key for view in system.views.values() if view.source_name == source}


def _reason(system: System, source: str, name: str, keys: Collection[str]) -> str:
    if name in keys:
        return f"`{name}` is a feature key, and keys are checked in the label source only"
    for transform in system.transforms.values():
        if any(
            input_.view and input_.view.source_name == source and input_.name == name for input_ in transform.inputs
        ):
            return f"only the transform `{transform.name}` reads `{name}`"
    return f"`{name}` is in no training set"


def _list(fields: list[str]) -> str:
    *rest, last = [f"`{field}`" for field in fields]
    return f"{', '.join(rest)} and {last}" if rest else last


RULES = (contracts,)
LANDSCAPE_RULES = (unchecked,)
