"""The pieces every query is made of.

In: neutral series. Out: expression trees. Never text, never a metric that the Blueprint or the catalogue does not name.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Series
from mlopsctl.emit.promql import Aggregate, Binary, Call, Expression, Matcher, Number, Selector
from mlopsctl.targets.grafana.conventions import RATE


def select(series: Series, window: str | None = None) -> Selector:
    """Select a series, as it is or over a window."""
    return Selector(series.metric, tuple([Matcher(*one) for one in series.matchers]), window)


def per_second(series: Series, by: tuple[str, ...] = ()) -> Expression:
    """Add up how fast counters grow."""
    return Aggregate("sum", Call("rate", (select(series, RATE),)), by=by)


def share(part: Series, whole: Series, by: tuple[str, ...] = ()) -> Expression:
    """Divide two rates. Without any failure yet there is no series of failures: that is a share of zero."""
    total = per_second(whole, by)
    some = Binary("or", per_second(part, by), Binary("*", total, Number(0)))
    return Binary("/", some, total)


def worst(series: Series, *, high: bool) -> Expression:
    """Fold what several pods report of one number into the worst of them."""
    return Aggregate("max" if high else "min", select(series))
