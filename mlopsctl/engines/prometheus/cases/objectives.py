"""Cases of an objective: its burn-rate alerts under steady traffic, each pair of windows, and its recordings.

All numbers are derived from the objective's thresholds and windows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import lcm
from typing import NamedTuple

from mlopsctl.blueprint.model.alerts import Alert
from mlopsctl.blueprint.model.objectives import Burn, Slo
from mlopsctl.catalogue import recordings
from mlopsctl.emit.durations import duration_seconds
from mlopsctl.emit.promql import Aggregate, Binary, Matcher, Number, Selector
from mlopsctl.engines.prometheus.cases.examples import beyond, short_of, variants
from mlopsctl.engines.prometheus.cases.notation import (
    LONG_STEP_S,
    MINUTE,
    STEP_S,
    Case,
    Timed,
    case,
    constant,
    expect_firing,
    expect_silent,
    expression_check,
    series,
    series_text,
    up,
)
from mlopsctl.engines.prometheus.cases.traffic import Part, flawless, silence, traffic
from mlopsctl.engines.prometheus.cases.wording import expected_alert
from mlopsctl.engines.prometheus.objectives import Objective

_TEN_MINUTES, _HOUR, _DAY = 10, 3600, 86_400
_REQUESTS = 100_000
_HAIR = Decimal("0.001")
_BAD_MINUTES = 2
_DIGITS = Decimal("0.00000001")


def objective_cases(objective: Objective, alerts: list[Alert], runbook: str | None) -> Iterator[Timed]:
    """Yield the tests of an objective and of its burn-rate alerts."""
    for steady in _steady_traffic(objective, alerts, runbook):
        yield Timed(STEP_S, steady)
    for alert in alerts:
        for burn in objective.slo.burns:
            if burn.severity == alert.severity:
                yield Timed(STEP_S, _pair(objective, alert, burn, runbook))
    yield Timed(STEP_S, _flawless(objective))
    yield Timed(STEP_S, _silence(objective))
    yield Timed(LONG_STEP_S, _recorded(objective))


def _steady_traffic(objective: Objective, alerts: list[Alert], runbook: str | None) -> Iterator[Case]:
    """Test a constant error ratio, just above and below the lowest threshold of each alert."""
    lowest = {alert.name: _lowest(objective.slo, alert) for alert in alerts}
    shares = {short_of(min(lowest.values())): None, **{beyond(limit): None for limit in lowest.values()}}
    for share in sorted(shares):
        moment = _TEN_MINUTES * MINUTE
        checks = [
            expect_firing(alert.name, moment, expected_alert(alert, runbook, share, **objective.labels))
            if share > lowest[alert.name]
            else expect_silent(alert.name, moment)
            for alert in alerts
        ]
        yield case(
            f"{objective.slo.id}: {_percent(share)} of requests are bad",
            MINUTE,
            traffic(objective.slo, Part(_TEN_MINUTES, _REQUESTS, share * _REQUESTS)),
            alert_rule_test=checks,
        )


def _lowest(slo: Slo, alert: Alert) -> Decimal:
    return min([burn.threshold for burn in slo.burns if burn.severity == alert.severity])


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def _pair(objective: Objective, alert: Alert, burn: Burn, runbook: str | None) -> Case:
    """Test each window of a pair below its threshold: the alert may fire only if both are above."""
    above, below = beyond(burn.threshold), short_of(burn.threshold)
    inputs = []
    for window, values in ((burn.short, (above, below, above)), (burn.long, (above, above, below))):
        labels = {**objective.labels, recordings.WINDOW_LABEL: window}
        written = " ".join([constant(value, 0) for value in values])
        inputs.append(series(recordings.error_ratio(window), labels, written))
    return case(
        f"{objective.slo.id}: {alert.severity} by {burn.long} and {burn.short}",
        STEP_S,
        inputs,
        alert_rule_test=[
            expect_firing(alert.name, 0, expected_alert(alert, runbook, above, **objective.labels)),
            expect_silent(alert.name, STEP_S),
            expect_silent(alert.name, 2 * STEP_S),
        ],
    )


def _flawless(objective: Objective) -> Case:
    """Test traffic without failures, before the failure series exist: all recordings have values."""
    slo = objective.slo
    values = {
        **{recordings.error_ratio(window): 0 for window in slo.windows},
        recordings.OBJECTIVE: slo.objective,
        recordings.BUDGET: slo.budget,
        recordings.PERIOD_DAYS: (Decimal(slo.window) / _DAY).normalize(),
        recordings.burn_rate(slo.windows[0]): 0,
        recordings.PERIOD_ERROR: 0,
        recordings.PERIOD_BURN_RATE: 0,
        recordings.BUDGET_REMAINING: 1,
    }
    samples = [{"labels": _recording(objective, name), "value": value} for name, value in values.items()]
    check = expression_check(_everything(objective), _HOUR, samples)
    return case(f"{slo.id}: no failure at all", MINUTE, flawless(slo), promql_expr_test=[check])


def _recording(objective: Objective, name: str) -> str:
    window = name.removeprefix(recordings.error_ratio(""))
    of_window = {recordings.WINDOW_LABEL: window} if window in objective.slo.windows else {}
    return series_text(name, {**objective.labels, **of_window})


def _everything(objective: Objective) -> Selector:
    return Selector("", (Matcher("__name__", "=~", "mlops:slo_.+"), *objective.key))


def _silence(objective: Objective) -> Case:
    """Test no traffic: the error ratio has no sample, because NaN would spoil averages."""
    ratios = Selector("", (Matcher("__name__", "=~", "mlops:slo_error:.+"), *objective.key))
    check = expression_check(ratios, _HOUR, [])
    return case(f"{objective.slo.id}: no traffic at all", MINUTE, silence(objective.slo), promql_expr_test=[check])


class _Burst(NamedTuple):
    """Traffic over all windows: requests per minute in each interval between two windows, newest first."""

    minutes: tuple[int, ...]
    rates: tuple[int, ...]

    @property
    def bad(self) -> int:
        """The number of failed requests, all within the shortest window."""
        return _BAD_MINUTES * self.rates[0]

    def share(self, number: int) -> Decimal:
        """Return the error ratio of the window with that index."""
        served = [rate * (minutes - 1) for rate, minutes in zip(self.rates, self.minutes, strict=True)]
        return Decimal(self.bad) / sum(served[: number + 1])

    def parts(self) -> list[Part]:
        """Return the traffic, oldest first.

        The first minute of a window has no requests, because versions differ in whether a window includes its start.
        """
        newest = self.rates[0]
        stretches = [
            part
            for minutes, rate in zip(self.minutes[:0:-1], self.rates[:0:-1], strict=True)
            for part in (Part(1, 0, 0), Part(minutes - 1, rate, 0))
        ]
        good = self.minutes[0] - 1 - _BAD_MINUTES
        return [*stretches, Part(1, 0, 0), Part(_BAD_MINUTES, newest, newest), Part(good, newest, 0)]


def _burst(slo: Slo) -> _Burst:
    """Choose traffic per interval so that all windows differ in ratio and traffic."""
    ends = [duration_seconds(window) // MINUTE for window in slo.windows]
    minutes = tuple(end - start for start, end in zip((0, *ends), ends, strict=False))
    alike = lcm(*(len(variants(counted.matchers)) for counted in (slo.bad, slo.total) if counted))
    return _Burst(minutes, tuple(max(_REQUESTS // (minute - 1) // alike, 1) * alike for minute in minutes))


def _recorded(objective: Objective) -> Case:
    """Test the recorded error ratio of each window, with failures within the shortest window."""
    slo, burst = objective.slo, _burst(objective.slo)
    length = sum(burst.minutes) * MINUTE
    moment = up(length, LONG_STEP_S)
    before = [Part((moment - length) // MINUTE, 0, 0)] if moment > length else []
    checks = [
        _near(Selector(recordings.error_ratio(window), objective.key), burst.share(number), moment)
        for number, window in enumerate(slo.windows)
    ]
    now = Selector(recordings.burn_rate(slo.windows[0]), objective.key)
    checks.append(_near(now, burst.share(0) / slo.budget, moment))
    if slo.window > moment + LONG_STEP_S:
        # An hour later, when that ratio is one sample of the whole period.
        period = Selector(recordings.PERIOD_BURN_RATE, objective.key)
        left = Selector(recordings.BUDGET_REMAINING, objective.key)
        spent = burst.share(0) / slo.budget / (moment // LONG_STEP_S)
        checks.append(_near(period, spent, moment + LONG_STEP_S))
        checks.append(_near(left, 1 - spent, moment + LONG_STEP_S))
    return case(
        f"{slo.id}: {_BAD_MINUTES} minutes of errors, as each window sees them",
        MINUTE,
        traffic(slo, *before, *burst.parts(), newest=False),
        promql_expr_test=checks,
    )


def _near(series: Selector, value: Decimal, moment: int) -> Case:
    """Expect one series with a value, within floating-point precision."""
    away = max(abs(value) * _HAIR, _DIGITS)
    least, most = ((value + distance).quantize(_DIGITS).normalize() for distance in (-away, away))
    between = Binary("<", Binary(">", series, Number(least)), Number(most))
    return expression_check(Aggregate("count", between), moment, [{"labels": "{}", "value": 1}])
