"""Write conditions as PromQL, and the template of an alert's value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlopsctl.blueprint.model.alerts import (
    AgeCondition,
    Alert,
    BoundCondition,
    ExpressionCondition,
    FailureCondition,
    OverdueCondition,
)
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.catalogue import recordings
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.promql import Aggregate, Binary, Call, Expression, Matcher, Number, Raw, Selector, text
from mlopsctl.engines.prometheus.expressions import ZERO, select

_NOW = Call("time")
_REPORTED = "15m"
"""The lookback of a recording for a reported time, long enough to see a value that is scraped once."""
_RETENTION = "1d"
"""The lookback of a recording for its own value: the maximum outage of Prometheus that it survives."""
_BEFORE = "1m"
"""The lookback for a rise of a count: two evaluations, so that none is missed."""


def _age(condition: AgeCondition, alert: Alert) -> Expression:
    return _older(alert, recordings.NEWEST_ROW, condition.threshold)


def _overdue(condition: OverdueCondition, alert: Alert) -> Expression:
    return _older(alert, recordings.LAST_SUCCESS, condition.window)


def _older(alert: Alert, name: str, seconds: int) -> Expression:
    """Compare a recorded time with the clock."""
    return Binary(">", Binary("-", _NOW, Aggregate("max", Selector(name, _key(alert, name)))), Number(seconds))


def _failure(condition: FailureCondition, alert: Alert) -> Expression:
    """Compare the last failure with the clock; its series may have disappeared, for example after a restart."""
    window = duration_text(condition.window)
    name = recordings.LAST_FAILURE
    reports = Selector(name, _key(alert, name), window) if condition.alive else select(condition.series, window)
    newest = Aggregate("max", Call("max_over_time", (reports,)))
    return Binary("<", Binary("-", _NOW, newest), Number(condition.window))


def _bound(condition: BoundCondition, _: Alert) -> Expression:
    # Several pods may report the same metric, and a new pod replaces an old one: the worst value counts.
    worst = "max" if condition.operator == ">" else "min"
    return Binary(
        condition.operator,
        Aggregate(worst, select(condition.series), by=condition.by),
        Number(condition.bound),
    )


def recording(alert: Alert) -> dict[str, Any] | None:
    """Return the rule that records an alert's reported time; None if the alert reads the time directly.

    A recording reads its own value, so a time survives a restart of the exporter. It is the time of the first
    evaluation if no time was ever reported, so that nothing is overdue too early.
    """
    condition = alert.condition
    if type(condition) is AgeCondition:
        return _recording(alert, recordings.NEWEST_ROW, _reported(condition.series))
    if type(condition) is OverdueCondition:
        alive = condition.alive
        happened = _risen(condition.series, alive) if alive else _reported(condition.series)
        return _recording(alert, recordings.LAST_SUCCESS, happened)
    if type(condition) is FailureCondition and condition.alive:
        return _recording(alert, recordings.LAST_FAILURE, _risen(condition.series, condition.alive), expected=False)
    return None


def _recording(alert: Alert, name: str, happened: Expression, *, expected: bool = True) -> dict[str, Any]:
    """Record the last time, or the value recorded before; with `expected`, the time of the first evaluation."""
    before = Call("last_over_time", (Selector(name, _key(alert, name), _RETENTION),))
    expr = Binary("or", happened, Aggregate("max", before))
    if expected:
        expr = Binary("or", expr, Call("vector", (_NOW,)))
    labels = {label: alert.labels[label] for label in _labels(alert, name)}
    return {"record": name, "expr": text(expr), "labels": labels}


def _key(alert: Alert, name: str) -> tuple[Matcher, ...]:
    return tuple([Matcher(label, "=", alert.labels[label]) for label in _labels(alert, name)])


def _labels(alert: Alert, name: str) -> list[str]:
    labels = recordings.VIEW_LABELS if name == recordings.NEWEST_ROW else recordings.RUN_LABELS
    return [label for label in labels if label in alert.labels]


def _reported(series: Series) -> Expression:
    """Return the newest time of all exporters."""
    return Aggregate("max", Call("max_over_time", (select(series, _REPORTED),)))


def _risen(series: Series, alive: Series) -> Expression:
    """Return the evaluation time if a count rose since the previous evaluation; a falling count is not a run.

    A count that appears while its exporter was already up starts with a first run or after a restart. If
    the exporter was not up either, there is a gap between scrapes, across which counts are compared.
    """
    count = select(series)
    counted = Binary(">", count, ZERO)
    before = Call("last_over_time", (select(series, _RETENTION, offset=_BEFORE),))
    scraped_before = Call("last_over_time", (select(alive, _RETENTION, offset=_BEFORE),))
    grown = Binary(">", count, before)
    first = Binary("and", Binary("unless", counted, before), scraped_before, on=())
    scraped = select(alive, offset=_BEFORE)
    anew = Binary("and", Binary("unless", counted, select(series, offset=_BEFORE)), scraped, on=())
    rises = Aggregate("count", Binary("or", Binary("or", grown, first), anew))
    return Binary("+", Binary("*", rises, ZERO), _NOW)


_EXPRESSIONS: Mapping[type, Callable[[Any, Alert], Expression]] = {
    AgeCondition: _age,
    BoundCondition: _bound,
    FailureCondition: _failure,
    OverdueCondition: _overdue,
    ExpressionCondition: lambda condition, _: Raw(condition.expression),
}


def expression(alert: Alert) -> Expression:
    """Return the expression of an alert; burn-rate alerts get theirs from the objective."""
    return _EXPRESSIONS[type(alert.condition)](alert.condition, alert)


MEASURED: Mapping[str, str] = {
    "burn": "Error ratio now: {{ $value | humanizePercentage }}.",
    "age": "No newer one for {{ $value | humanizeDuration }}.",
    "bound": 'Value now: {{ printf "%.4g" $value }}',
    "failure": "The last failed {{ $value | humanizeDuration }} ago.",
    "overdue": "",
    "expression": "",
}
"""The text with the measured value in an alert's description, by kind of condition."""


def measured(condition: Any) -> str:
    """Return the template of the measured value; empty if the condition has none."""
    sentence = MEASURED[condition.kind]
    if type(condition) is not BoundCondition:
        return sentence
    which = ", ".join([f"{label} {{{{ $labels.{label} }}}}" for label in condition.by])
    return (f"{sentence} ({which})." if which else f"{sentence}.") + _missing(condition)


def _missing(condition: BoundCondition) -> str:
    """Add the share of missing values of the alert's series, if one is exported.

    The template queries all series of the system and selects its own, so no label value is part of a query.
    """
    if condition.missing is None:
        return ""
    query = text(Aggregate("max", select(condition.missing), by=condition.by))
    own = "{{ end }}" * len(condition.by)
    pick = "".join([f"{{{{ if eq .Labels.{label} $labels.{label} }}}}" for label in condition.by])
    share = " {{ .Value | humanizePercentage }} of its values are missing."
    return f"{{{{ range query `{query}` }}}}{pick}{share}{own}{{{{ end }}}}"
