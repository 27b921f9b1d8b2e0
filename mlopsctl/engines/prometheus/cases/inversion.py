"""Find inputs for which a user's expression has a given value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any, NamedTuple

from mlopsctl.engines.prometheus.cases import examples
from mlopsctl.engines.prometheus.cases.notation import MINUTE

_OPERATORS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
_ONE_SERIES = frozenset({"sum", "avg", "max", "min"})
_SAME_VALUE = frozenset({"avg_over_time", "max_over_time", "min_over_time", "last_over_time"})
_HUNDRED = Decimal(100)


class Supply(NamedTuple):
    """One input: a series that stays at `value`, or a counter that grows by it each minute."""

    metric: str
    labels: tuple[tuple[str, str], ...]
    value: Decimal
    grows: bool


class Solution(NamedTuple):
    """Inputs, the labels of the result, and the seconds after which it has the given value."""

    supplies: tuple[Supply, ...]
    labels: Mapping[str, str]
    reach: int

    @property
    def grows(self) -> bool:
        """Return whether the inputs are counters, whose rate may reach the value slightly earlier."""
        return any(supply.grows for supply in self.supplies)


def solve(expr: Any, decimal: Decimal) -> Solution | None:
    """Return inputs that make `expr` one sample of the value `decimal`."""
    solver = _SOLVERS.get(type(expr).__name__)
    try:
        return solver(expr, decimal) if solver else None
    except (DivisionByZero, InvalidOperation, ValueError, IndexError):
        return None


def _selector(expr: Any, decimal: Decimal, grows: bool = False, window_s: int = 0) -> Solution | None:
    if expr.name is None or expr.at is not None or expr.matchers.or_matchers or (grows and decimal < 0):
        return None
    matchers = [(m.name, _OPERATORS[str(m.op).rpartition(".")[2]], m.value) for m in expr.matchers.matchers]
    labels = examples.labels(tuple(matchers))
    offset = int(expr.offset.total_seconds()) if expr.offset else 0
    if offset < 0:
        return None
    supply = Supply(expr.name, tuple(labels.items()), decimal, grows)
    return Solution((supply,), labels, window_s + offset if grows else offset)


def _call(expr: Any, decimal: Decimal) -> Solution | None:
    name = expr.func.name
    if name == "abs":
        return solve(expr.args[0], decimal) if decimal >= 0 else None
    if len(expr.args) != 1 or type(expr.args[0]).__name__ != "MatrixSelector":
        return None
    matrix = expr.args[0]
    seconds = int(matrix.range.total_seconds())
    if name in _SAME_VALUE:
        return _selector(matrix.vector_selector, decimal, False, seconds)
    # A counter needs several samples in its window, at one sample per minute.
    if seconds < 4 * MINUTE:
        return None
    if name == "rate":
        return _selector(matrix.vector_selector, decimal * MINUTE, True, seconds)
    if name == "increase":
        return _selector(matrix.vector_selector, decimal * MINUTE / seconds, True, seconds)
    return None


def _aggregate(expr: Any, decimal: Decimal) -> Solution | None:
    if str(expr.op) not in _ONE_SERIES:
        return None
    inner = solve(expr.expr, decimal)
    return inner and inner._replace(labels=_grouped(expr.modifier, inner.labels))


def _grouped(modifier: Any, labels: Mapping[str, str]) -> dict[str, str]:
    if modifier is None:
        return {}
    keeps = str(modifier.type).endswith(".By")
    return {name: value for name, value in labels.items() if (name in modifier.labels) == keeps}


def _binary(expr: Any, decimal: Decimal) -> Solution | None:
    """Invert arithmetic with a number; solve a ratio of two series as a share of a hundred."""
    left, right, op = _number(expr.lhs), _number(expr.rhs), str(expr.op)
    if left is None and right is None:
        return _share(expr, decimal) if op == "/" else None
    if right is not None and op in _FROM_LEFT:
        return solve(expr.lhs, _FROM_LEFT[op](decimal, right))
    if left is not None and op in _FROM_RIGHT:
        return solve(expr.rhs, _FROM_RIGHT[op](decimal, left))
    return None


_FROM_LEFT: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda value, number: value - number,
    "-": lambda value, number: value + number,
    "*": lambda value, number: value / number,
    "/": lambda value, number: value * number,
}
_FROM_RIGHT: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda value, number: value - number,
    "-": lambda value, number: number - value,
    "*": lambda value, number: value / number,
    "/": lambda value, number: number / value,
}


def _share(expr: Any, decimal: Decimal) -> Solution | None:
    """Solve a / b for results with the same labels; if both read one metric, b's input is the remainder."""
    if expr.modifier is not None and expr.modifier.matching is not None:
        return None
    part, total = solve(expr.lhs, decimal * _HUNDRED), solve(expr.rhs, _HUNDRED)
    if part is None or total is None or part.labels != total.labels:
        return None
    if {supply.metric for supply in part.supplies} & {supply.metric for supply in total.supplies}:
        total = _rest(expr, part, decimal)
    if total is None:
        return None
    return Solution((*part.supplies, *total.supplies), part.labels, max(part.reach, total.reach))


def _rest(expr: Any, part: Solution, decimal: Decimal) -> Solution | None:
    summed = type(expr.rhs).__name__ == "AggregateExpr" and str(expr.rhs.op) == "sum"
    total = solve(expr.rhs, _HUNDRED * (1 - decimal)) if summed else None
    if total is None or len(total.supplies) != 1 or len(part.supplies) != 1:
        return None
    a, b = part.supplies[0], total.supplies[0]
    # Otherwise the whole would not include the part.
    return total if set(b.labels) < set(a.labels) else None


def _number(expr: Any) -> Decimal | None:
    kind = type(expr).__name__
    if kind == "NumberLiteral":
        return Decimal(repr(float(expr.val)))
    if kind == "ParenExpr":
        return _number(expr.expr)
    if kind == "UnaryExpr":
        inner = _number(expr.expr)
        return None if inner is None else -inner
    return None


number = _number

_SOLVERS: Mapping[str, Callable[[Any, Decimal], Solution | None]] = {
    "VectorSelector": _selector,
    "ParenExpr": lambda expr, value: solve(expr.expr, value),
    "UnaryExpr": lambda expr, value: solve(expr.expr, -value),
    "Call": _call,
    "AggregateExpr": _aggregate,
    "BinaryExpr": _binary,
}
