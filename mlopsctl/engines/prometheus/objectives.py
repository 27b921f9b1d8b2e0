"""Objectives as recording rules: the error ratio over each window, and the remaining budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.objectives import Burn, Slo
from mlopsctl.catalogue import recordings
from mlopsctl.emit.durations import duration_text
from mlopsctl.emit.promql import Aggregate, Binary, Call, Expression, Matcher, Number, Selector, any_of, text
from mlopsctl.engines.prometheus.expressions import bound_label, or_zero, rate, ratio_or_nothing

_DAY = 86_400
_ONE = Number(1)


class Objective(NamedTuple):
    """An objective with the labels of its series, and the matchers that select them."""

    slo: Slo
    labels: dict[str, str]
    key: tuple[Matcher, ...]


def objective(blueprint: Blueprint, slo: Slo) -> Objective:
    """Return an objective with its labels."""
    identity = blueprint.identity
    labels = recordings.labels(slo.id, slo.name, identity.system, identity.environment, slo.endpoint)
    return Objective(slo, labels, tuple([Matcher(*matcher) for matcher in recordings.key(labels)]))


def recording_rules(objective: Objective) -> list[dict[str, Any]]:
    """Return the rules that alerts read: error ratios, the objective's facts, and the current burn rate."""
    slo = objective.slo
    days = (Decimal(slo.window) / _DAY).normalize()
    now = Binary("/", _recorded_ratio(objective, slo.windows[0]), Number(slo.budget))
    return [
        *(_error_ratio_rule(objective, window) for window in slo.windows),
        _constant(objective, recordings.OBJECTIVE, slo.objective),
        _constant(objective, recordings.BUDGET, slo.budget),
        _constant(objective, recordings.PERIOD_DAYS, days),
        _rule(objective, recordings.burn_rate(slo.windows[0]), now),
    ]


def budget_rules(objective: Objective) -> list[dict[str, Any]]:
    """Return the rules over the whole period; each reads the previous one."""
    slo = objective.slo
    recorded = Selector(recordings.error_ratio(slo.windows[0]), objective.key, duration_text(slo.window))
    spent = Binary("/", Selector(recordings.PERIOD_ERROR, objective.key), Number(slo.budget))
    left = Binary("-", _ONE, Selector(recordings.PERIOD_BURN_RATE, objective.key))
    return [
        _rule(objective, recordings.PERIOD_ERROR, _without_window(Call("avg_over_time", (recorded,)))),
        _rule(objective, recordings.PERIOD_BURN_RATE, spent),
        _rule(objective, recordings.BUDGET_REMAINING, left),
    ]


def burning(objective: Objective, severity: str) -> Expression:
    """Return the burn-rate condition: any pair of windows, both above the pair's threshold."""
    pairs = [_pair(objective, burn) for burn in objective.slo.burns if burn.severity == severity]
    condition = pairs[0]
    for pair in pairs[1:]:
        condition = Binary("or", condition, pair)
    return condition


def good_bucket(slo: Slo) -> Series:
    """Return the bucket that counts the requests within the latency threshold."""
    assert slo.good_bucket and slo.threshold is not None  # noqa: S101 - so are latency objectives
    bounds = bound_label(slo.threshold)
    le = ("le", "=", bounds[0]) if len(bounds) == 1 else ("le", "=~", any_of(bounds))
    return Series(slo.good_bucket.metric, (*slo.good_bucket.matchers, le))


def _error_ratio_rule(objective: Objective, window: str) -> dict[str, Any]:
    return {
        "record": recordings.error_ratio(window),
        "expr": text(_error_ratio(objective.slo, window)),
        "labels": {**objective.labels, recordings.WINDOW_LABEL: window},
    }


def _error_ratio(slo: Slo, window: str) -> Expression:
    total = rate(slo.total, window)
    if slo.bad is not None:
        return ratio_or_nothing(or_zero(rate(slo.bad, window)), total)
    return Binary("-", _ONE, ratio_or_nothing(rate(good_bucket(slo), window), total))


def _pair(objective: Objective, burn: Burn) -> Expression:
    limit = Binary("*", Number(burn.factor), Number(objective.slo.budget))
    short = Binary(">", _recorded_ratio(objective, burn.short), limit)
    return Binary("and", short, Binary(">", _recorded_ratio(objective, burn.long), limit))


def _recorded_ratio(objective: Objective, window: str) -> Expression:
    return _without_window(Selector(recordings.error_ratio(window), objective.key))


def _without_window(expr: Expression) -> Expression:
    return Aggregate("max", expr, without=(recordings.WINDOW_LABEL,))


def _constant(objective: Objective, name: str, value: Decimal) -> dict[str, Any]:
    return _rule(objective, name, Call("vector", (Number(value),)))


def _rule(objective: Objective, name: str, expr: Expression) -> dict[str, Any]:
    return {"record": name, "expr": text(expr), "labels": objective.labels}
