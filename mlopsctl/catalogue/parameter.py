"""A parameter of a check: its JSON types, and its allowed values or bounds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

_JSON_NAMES: Final[Mapping[type, str]] = MappingProxyType(
    {
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
        tuple: "array",
        dict: "object",
    }
)


class Parameter(NamedTuple):
    """A parameter of a check or of a condition.

    `types` are the accepted JSON types; `any` accepts all, and one that only accepts `code` (a function, an
    array) cannot be set in a spec. `default` applies only if it is not `required`. `words` are the allowed values,
    if there are any, and numbers are between `low` and `high`.
    """

    name: str
    types: tuple[str, ...]
    required: bool
    default: Any = None
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def takes(self, value: object) -> bool:
        """Return whether the parameter accepts a value from YAML."""
        if value is None:
            return "null" in self.types or "any" in self.types
        kind = _JSON_NAMES.get(type(value), "number")
        # An integer is a number; a number is an integer only if the code declares an integer.
        fits = "any" in self.types or kind in self.types or (kind == "integer" and "number" in self.types)
        return fits and (not self.words or value in self.words) and self._bounded(value)

    def _bounded(self, value: object) -> bool:
        if not isinstance(value, int | float):
            return True
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def accepted_values(self) -> str:
        """Return the accepted values as text."""
        if self.words:
            return " or ".join(self.words)
        kinds = " or ".join(self.types)
        bounds = [f"at least {self.low:g}"] if self.low is not None else []
        bounds += [f"at most {self.high:g}"] if self.high is not None else []
        return f"{kinds}, {' and '.join(bounds)}" if bounds else kinds
