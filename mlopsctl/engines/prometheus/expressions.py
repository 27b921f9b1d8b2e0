"""The pieces every expression here is made of."""

from __future__ import annotations

from decimal import Decimal

from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.emit.promql import Aggregate, Binary, Call, Expression, Matcher, Number, Selector

ZERO = Number(0)
NOTHING = Call("vector", (ZERO,))


def select(series: Series, window: str | None = None, offset: str | None = None) -> Selector:
    """Select a series, as it is or over a window."""
    return Selector(series.metric, tuple([Matcher(*matcher) for matcher in series.matchers]), window, offset)


def rate(series: Series, window: str) -> Expression:
    """Add up how fast the counters of a series grow."""
    return Aggregate("sum", Call("rate", (select(series, window),)))


def ratio_or_nothing(part: Expression, total: Expression) -> Expression:
    """Divide; where the whole is zero there is no sample instead of a NaN that would poison every average."""
    return Binary("/", part, Binary(">", total, ZERO))


def or_zero(expr: Expression) -> Expression:
    """Take zero where there is no series yet."""
    return Binary("or", expr, NOTHING)


def bound_label(bound: Decimal) -> tuple[str, ...]:
    """Return how a histogram's upper bound may be written: Prometheus 3 turns `1` into `1.0`."""
    plain = format(bound.normalize(), "f")
    return (plain,) if "." in plain else (plain, f"{plain}.0")
