"""Building blocks of the queries, from metrics of the Blueprint or the catalogue only."""

from __future__ import annotations

from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.emit.promql import Aggregate, Binary, Call, Expression, Matcher, Number, Selector
from mlopsctl.engines.grafana.conventions import RATE


def select(series: Series, window: str | None = None) -> Selector:
    """Select a series, as it is or over a window."""
    return Selector(series.metric, tuple([Matcher(*matcher) for matcher in series.matchers]), window)


def per_second(series: Series, labels: tuple[str, ...] = ()) -> Expression:
    """Add up how fast counters grow."""
    return Aggregate("sum", Call("rate", (select(series, RATE),)), by=labels)


def share(part: Series, all_requests: Series, labels: tuple[str, ...] = ()) -> Expression:
    """Divide two rates. Without any failure yet there is no series of failures: that is a share of zero."""
    total = per_second(all_requests, labels)
    some = Binary("or", per_second(part, labels), Binary("*", total, Number(0)))
    return Binary("/", some, total)


def worst(series: Series, *, high: bool) -> Expression:
    """Fold what several pods report of one number into the worst of them."""
    return Aggregate("max" if high else "min", select(series))
