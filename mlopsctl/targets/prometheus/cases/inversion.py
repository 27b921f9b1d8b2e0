"""Find inputs that give a person's own expression a wanted value.

In: a parsed expression and a number. Out: inputs and the labels of the result, or None where the expression is of a
kind that is not turned around here. Never evaluates anything, never guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any, NamedTuple

from mlopsctl.targets.prometheus.cases import examples
from mlopsctl.targets.prometheus.cases.notation import MINUTE

_OPERATORS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
_ONE_SERIES = frozenset({"sum", "avg", "max", "min"})
_SAME_VALUE = frozenset({"avg_over_time", "max_over_time", "min_over_time", "last_over_time"})
_WHOLE = Decimal(100)


class Supply(NamedTuple):
    """One input: a series that stays at `value`, or a counter that grows by it each minute."""

    metric: str
    labels: tuple[tuple[str, str], ...]
    value: Decimal
    grows: bool


class Solution(NamedTuple):
    """Inputs, the labels of the result, and after how many seconds it has the wanted value."""

    supplies: tuple[Supply, ...]
    labels: Mapping[str, str]
    reach: int

    @property
    def grows(self) -> bool:
        """Whether counters are read: their rate may reach the wanted value a little sooner."""
        return any(one.grows for one in self.supplies)


def solve(expr: Any, wanted: Decimal) -> Solution | None:
    """Return inputs that make `expr` one sample of the value `wanted`."""
    solver = _SOLVERS.get(type(expr).__name__)
    try:
        return solver(expr, wanted) if solver else None
    except (DivisionByZero, InvalidOperation, ValueError, IndexError):
        return None


def _selector(expr: Any, wanted: Decimal, grows: bool = False, window: int = 0) -> Solution | None:
    if expr.name is None or expr.at is not None or expr.matchers.or_matchers or (grows and wanted < 0):
        return None
    matchers = [(m.name, _OPERATORS[str(m.op).rpartition(".")[2]], m.value) for m in expr.matchers.matchers]
    labels = examples.labels(tuple(matchers))
    offset = int(expr.offset.total_seconds()) if expr.offset else 0
    if offset < 0:
        return None
    supply = Supply(expr.name, tuple(labels.items()), wanted, grows)
    return Solution((supply,), labels, window + offset if grows else offset)


def _call(expr: Any, wanted: Decimal) -> Solution | None:
    name = expr.func.name
    if name == "abs":
        return solve(expr.args[0], wanted) if wanted >= 0 else None
    if len(expr.args) != 1 or type(expr.args[0]).__name__ != "MatrixSelector":
        return None
    matrix = expr.args[0]
    seconds = int(matrix.range.total_seconds())
    if name in _SAME_VALUE:
        return _selector(matrix.vector_selector, wanted, False, seconds)
    # A counter needs several samples in its window, and there is one a minute.
    if seconds < 4 * MINUTE:
        return None
    if name == "rate":
        return _selector(matrix.vector_selector, wanted * MINUTE, True, seconds)
    if name == "increase":
        return _selector(matrix.vector_selector, wanted * MINUTE / seconds, True, seconds)
    return None


def _aggregate(expr: Any, wanted: Decimal) -> Solution | None:
    if str(expr.op) not in _ONE_SERIES:
        return None
    inner = solve(expr.expr, wanted)
    return inner and inner._replace(labels=_grouped(expr.modifier, inner.labels))


def _grouped(modifier: Any, labels: Mapping[str, str]) -> dict[str, str]:
    if modifier is None:
        return {}
    by = str(modifier.type).endswith(".By")
    return {name: value for name, value in labels.items() if (name in modifier.labels) == by}


def _binary(expr: Any, wanted: Decimal) -> Solution | None:
    """Turn arithmetic with a number around; of two ratios make a share of a hundred."""
    left, right, op = _number(expr.lhs), _number(expr.rhs), str(expr.op)
    if left is None and right is None:
        return _share(expr, wanted) if op == "/" else None
    if right is not None and op in _FROM_LEFT:
        return solve(expr.lhs, _FROM_LEFT[op](wanted, right))
    if left is not None and op in _FROM_RIGHT:
        return solve(expr.rhs, _FROM_RIGHT[op](wanted, left))
    return None


_FROM_LEFT: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda wanted, number: wanted - number,
    "-": lambda wanted, number: wanted + number,
    "*": lambda wanted, number: wanted / number,
    "/": lambda wanted, number: wanted * number,
}
_FROM_RIGHT: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda wanted, number: wanted - number,
    "-": lambda wanted, number: number - wanted,
    "*": lambda wanted, number: wanted / number,
    "/": lambda wanted, number: number / wanted,
}


def _share(expr: Any, wanted: Decimal) -> Solution | None:
    """Solve a / b for results with the same labels; where both read one metric, b's input is the rest."""
    if expr.modifier is not None and expr.modifier.matching is not None:
        return None
    part, whole = solve(expr.lhs, wanted * _WHOLE), solve(expr.rhs, _WHOLE)
    if part is None or whole is None or part.labels != whole.labels:
        return None
    if {one.metric for one in part.supplies} & {one.metric for one in whole.supplies}:
        whole = _rest(expr, part, wanted)
    if whole is None:
        return None
    return Solution((*part.supplies, *whole.supplies), part.labels, max(part.reach, whole.reach))


def _rest(expr: Any, part: Solution, wanted: Decimal) -> Solution | None:
    summed = type(expr.rhs).__name__ == "AggregateExpr" and str(expr.rhs.op) == "sum"
    whole = solve(expr.rhs, _WHOLE * (1 - wanted)) if summed else None
    if whole is None or len(whole.supplies) != 1 or len(part.supplies) != 1:
        return None
    a, b = part.supplies[0], whole.supplies[0]
    # Otherwise the part would not be counted in the whole.
    return whole if set(b.labels) < set(a.labels) else None


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
    "ParenExpr": lambda expr, wanted: solve(expr.expr, wanted),
    "UnaryExpr": lambda expr, wanted: solve(expr.expr, -wanted),
    "Call": _call,
    "AggregateExpr": _aggregate,
    "BinaryExpr": _binary,
}
