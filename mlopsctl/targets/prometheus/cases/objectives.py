"""Cases of an objective: its burn alerts over real traffic, each pair of windows, and what is recorded.

In: an objective and its alerts. Out: tests. Every number is derived from the objective's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mlopsctl.blueprint.model import Alert, Burn, Slo
from mlopsctl.catalogue import recordings
from mlopsctl.emit.durations import duration_seconds
from mlopsctl.emit.promql import Aggregate, Binary, Number, Selector
from mlopsctl.targets.prometheus.cases.examples import beyond, short_of
from mlopsctl.targets.prometheus.cases.notation import (
    LONG_STEP,
    MINUTE,
    STEP,
    Case,
    Timed,
    case,
    constant,
    fires,
    sample,
    series,
    silent,
    up,
)
from mlopsctl.targets.prometheus.cases.traffic import traffic
from mlopsctl.targets.prometheus.cases.wording import told
from mlopsctl.targets.prometheus.objectives import Objective

_TEN_MINUTES = 10
_QUIET_END = 2
_ALL, _NONE = Decimal(1), Decimal(0)
_LESS, _MORE = Decimal("0.99"), Decimal("1.01")
_DIGITS = Decimal("0.00000001")


def objective_cases(one: Objective, alerts: list[Alert], runbook: str | None) -> Iterator[Timed]:
    """Yield every test of an objective and of the alerts on its burn rate."""
    for steady in _steady_traffic(one, alerts, runbook):
        yield Timed(STEP, steady)
    for alert in alerts:
        for burn in one.slo.burns:
            if burn.severity == alert.severity:
                yield Timed(STEP, _pair(one, alert, burn, runbook))
    yield Timed(LONG_STEP, _recorded(one))


def _steady_traffic(one: Objective, alerts: list[Alert], runbook: str | None) -> Iterator[Case]:
    """Serve the same share of bad requests for a while: around the lowest threshold of each alert."""
    lowest = {alert.name: _lowest(one.slo, alert) for alert in alerts}
    shares = {short_of(min(lowest.values())): None, **{beyond(limit): None for limit in lowest.values()}}
    for share in sorted(shares):
        moment = _TEN_MINUTES * MINUTE
        checks = [
            fires(alert.name, moment, told(alert, runbook, share, **one.labels))
            if share > lowest[alert.name]
            else silent(alert.name, moment)
            for alert in alerts
        ]
        yield case(
            f"{one.slo.id}: {_percent(share)} of requests are bad",
            MINUTE,
            traffic(one.slo, (share, _TEN_MINUTES)),
            alert_rule_test=checks,
        )


def _lowest(slo: Slo, alert: Alert) -> Decimal:
    return min([burn.threshold for burn in slo.burns if burn.severity == alert.severity])


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def _pair(one: Objective, alert: Alert, burn: Burn, runbook: str | None) -> Case:
    """Take one window of a pair below its threshold at a time: only both together may fire."""
    above, below = beyond(burn.threshold), short_of(burn.threshold)
    inputs = []
    for window, values in ((burn.short, (above, below, above)), (burn.long, (above, above, below))):
        labels = {**one.labels, recordings.WINDOW_LABEL: window}
        written = " ".join([constant(value, 0) for value in values])
        inputs.append(series(recordings.error_ratio(window), labels, written))
    return case(
        f"{one.slo.id}: {alert.severity} by {burn.long} and {burn.short}",
        STEP,
        inputs,
        alert_rule_test=[
            fires(alert.name, 0, told(alert, runbook, above, **one.labels)),
            silent(alert.name, STEP),
            silent(alert.name, 2 * STEP),
        ],
    )


def _recorded(one: Objective) -> Case:
    """Serve nothing but errors for a few minutes: each window holds another share of them."""
    slo = one.slo
    first = duration_seconds(slo.windows[0]) // MINUTE
    burst = first - _QUIET_END
    last = up(duration_seconds(slo.windows[-1]), LONG_STEP) // MINUTE
    parts = ((_NONE, last - first), (_ALL, burst), (_NONE, _QUIET_END))
    return case(
        f"{slo.id}: {burst} minutes of errors, as each window sees them",
        MINUTE,
        traffic(slo, *parts, newest=False),
        promql_expr_test=[*_windows(one, burst, last), *_facts(one, last), _budget(one, burst, last)],
    )


def _windows(one: Objective, burst: int, last: int) -> Iterator[Case]:
    for window in one.slo.windows:
        low, high = _share(burst, duration_seconds(window) // MINUTE, window == one.slo.windows[0])
        recorded = Selector(recordings.error_ratio(window), one.key)
        yield sample(_within(recorded, low, high), last * MINUTE, "", {}, 1)


def _share(burst: int, minutes: int, touches: bool) -> tuple[Decimal, Decimal]:
    """Bound the share of the burst in a window.

    Prometheus 2 counts the sample at the window's very beginning, Prometheus 3 does not: one minute less, which
    is one of the burst where the window begins with it.
    """
    two = Decimal(burst) / minutes
    three = Decimal(burst - 1 if touches else burst) / (minutes - 1)
    return min(two, three), max(two, three)


def _within(series: Selector, low: Decimal, high: Decimal) -> Aggregate:
    """Count the series whose value lies in a range."""
    least, most = ((low * _LESS).quantize(_DIGITS), (high * _MORE).quantize(_DIGITS))
    return Aggregate("count", Binary("<", Binary(">", series, Number(least)), Number(most)))


def _facts(one: Objective, last: int) -> Iterator[Case]:
    slo = one.slo
    for name, value in (
        (recordings.OBJECTIVE, slo.objective),
        (recordings.BUDGET, slo.budget),
        (recordings.PERIOD_DAYS, (Decimal(slo.window) / 86_400).normalize()),
    ):
        yield sample(Selector(name, one.key), last * MINUTE, name, one.labels, value)


def _budget(one: Objective, burst: int, last: int) -> Case:
    """Bound what is left of the budget one step later, when the burst is one sample of the whole period."""
    low, high = _share(burst, duration_seconds(one.slo.windows[0]) // MINUTE, True)
    samples, budget = last * MINUTE // LONG_STEP, one.slo.budget
    least, most = (1 - high * _MORE / samples / budget, 1 - low * _LESS / samples / budget)
    remaining = Selector(recordings.BUDGET_REMAINING, one.key)
    between = Binary(
        "<",
        Binary(">", remaining, Number(least.quantize(_DIGITS))),
        Number(most.quantize(_DIGITS)),
    )
    return sample(Aggregate("count", between), last * MINUTE + LONG_STEP, "", {}, 1)
