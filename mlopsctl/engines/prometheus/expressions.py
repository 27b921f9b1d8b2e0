"""Building blocks of the rules' expressions."""

from __future__ import annotations

from decimal import Decimal

from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.emit.promql import Aggregate, Binary, Call, Expression, Matcher, Number, Selector

ZERO = Number(0)
NOTHING = Call("vector", (ZERO,))


def select(series: Series, window: str | None = None, offset: str | None = None) -> Selector:
    """Select a series, instant or over a window."""
    return Selector(series.metric, tuple([Matcher(*matcher) for matcher in series.matchers]), window, offset)


def rate(series: Series, window: str) -> Expression:
    """Sum the rates of a series' counters."""
    return Aggregate("sum", Call("rate", (select(series, window),)))


def ratio_or_nothing(part: Expression, total: Expression) -> Expression:
    """Divide; without a sample if the denominator is zero, because NaN would spoil averages."""
    return Binary("/", part, Binary(">", total, ZERO))


def or_zero(expr: Expression) -> Expression:
    """Return zero if the series does not exist yet."""
    return Binary("or", expr, NOTHING)


def bound_label(bound: Decimal) -> tuple[str, ...]:
    """Return a pattern for a histogram's upper bound: Prometheus 3 writes `1` as `1.0`."""
    plain = format(bound.normalize(), "f")
    return (plain,) if "." in plain else (plain, f"{plain}.0")
