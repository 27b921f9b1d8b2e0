"""Conditions as PromQL, and how an alert words the value it fires with.

In: a condition. Out: an expression tree without labels of a scrape, and a sentence in Go's template language.
Never a user's text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlopsctl.blueprint.model import (
    AgeCondition,
    BoundCondition,
    CountCondition,
    ExpressionCondition,
    OverdueCondition,
    Series,
)
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.promql import Aggregate, Binary, Call, Expression, Number, Raw
from mlopsctl.targets.prometheus.expressions import ZERO, or_zero, select

_NOW = Call("time")


def _age(condition: AgeCondition) -> Expression:
    """Compare the newest report with the clock, also while nobody repeats it: a restart of the exporter is no fault."""
    reports = select(condition.series, duration_text(condition.threshold))
    newest = Aggregate("max", Call("max_over_time", (reports,)))
    old = Binary(">", Binary("-", _NOW, newest), Number(condition.threshold))
    return Binary("or", old, Aggregate("max", Call("absent_over_time", (reports,))))


def _bound(condition: BoundCondition) -> Expression:
    # Several pods may report the same number, and a new one takes over from the last: the worst counts.
    worst = "max" if condition.operator == ">" else "min"
    return Binary(
        condition.operator,
        Aggregate(worst, select(condition.series), by=condition.by),
        Number(condition.bound),
    )


def _count(condition: CountCondition) -> Expression:
    growth = _rise if condition.gauge else _growth
    grown = Binary(">", growth(condition.series, condition.window), ZERO)
    appeared = Aggregate("count", _appeared(condition.series, condition.window))
    return Binary("or", grown, appeared, on=())


def _overdue(condition: OverdueCondition) -> Expression:
    none = Binary("==", or_zero(_growth(condition.series, condition.window)), ZERO)
    return Binary("unless", none, _appeared(condition.series, condition.window), on=())


def _growth(series: Series, window: int) -> Expression:
    return Aggregate("sum", Call("increase", (select(series, duration_text(window)),)))


def _rise(series: Series, window: int) -> Expression:
    """Return how far a gauge rose; one that falls is no counter that began again."""
    length = duration_text(window)
    highest = Call("max_over_time", (select(series, length),))
    return Aggregate("sum", Binary("-", highest, select(series, offset=length)))


def _appeared(series: Series, window: int) -> Expression:
    """Find counters that began within the window: `increase` does not see what a counter starts with."""
    length = duration_text(window)
    seen = Binary(">", Call("max_over_time", (select(series, length),)), ZERO)
    return Binary("unless", seen, select(series, offset=length))


_EXPRESSIONS: Mapping[type, Callable[[Any], Expression]] = {
    AgeCondition: _age,
    BoundCondition: _bound,
    CountCondition: _count,
    OverdueCondition: _overdue,
    ExpressionCondition: lambda condition: Raw(condition.expression),
}


def expression(condition: object) -> Expression:
    """Return the expression of any condition but a burn's, which its objective makes."""
    return _EXPRESSIONS[type(condition)](condition)


MEASURED: Mapping[str, str] = {
    "burn": "Error ratio now: {{ $value | humanizePercentage }}.",
    "age": "{{ if eq $value 1.0 }}No age is reported.{{ else }}Age now: {{ $value | humanizeDuration }}.{{ end }}",
    "bound": 'Value now: {{ printf "%.4g" $value }}',
    "count": 'Failures in the window: {{ printf "%.0f" $value }}.',
    "overdue": "",
    "expression": "",
}
"""What an alert adds to its description, by the kind of its condition."""


def measured(condition: Any) -> str:
    """Word the value an alert fires with; empty where it says nothing."""
    sentence = MEASURED[condition.kind]
    if type(condition) is not BoundCondition:
        return sentence
    which = ", ".join([f"{label} {{{{ $labels.{label} }}}}" for label in condition.by])
    return f"{sentence} ({which})." if which else f"{sentence}."
