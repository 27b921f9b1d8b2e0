"""Cases of alerts on single series: ages, bounds, failures, overdue runs.

All numbers are derived from the alert's thresholds and windows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from mlopsctl.blueprint.model.alerts import AgeCondition, Alert, BoundCondition, FailureCondition, OverdueCondition
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.engines.prometheus.cases import examples
from mlopsctl.engines.prometheus.cases.notation import (
    LONG_STEP_S,
    STEP_S,
    Case,
    Timed,
    case,
    constant,
    counter,
    down,
    expect_firing,
    expect_silent,
    series,
    up,
)
from mlopsctl.engines.prometheus.cases.wording import expected_alert

_THOUSANDTH = Decimal("0.001")
_HALF = Decimal("0.5")
_EXAMPLE = "example"
_DAY = 86_400
_NO_MORE: Mapping[str, str] = MappingProxyType({})


class _AlertCase(NamedTuple):
    """An alert, how often its rule is evaluated, and the first moment at which it can fire."""

    alert: Alert
    runbook: str | None
    step: int
    ready: int

    def case(self, title: str, inputs: list[Case], *checks: Case) -> Timed:
        written = case(f"{self.alert.name}: {title}", self.step, inputs, alert_rule_test=[*checks])
        return Timed(self.step, written)

    def early(self) -> list[Case]:
        """Expect no alert one step before a condition that holds from the start has held long enough."""
        return [expect_silent(self.alert.name, self.ready - self.step)] if self.ready else []

    def expect_firing(self, at: int, value: Decimal | int, missing: str = "", **labels: str) -> Case:
        return expect_firing(self.alert.name, at, expected_alert(self.alert, self.runbook, value, missing, **labels))

    def expect_silent(self, at: int) -> Case:
        return expect_silent(self.alert.name, at)


def condition_cases(alert: Alert, runbook: str | None) -> Iterator[Timed]:
    """Yield the tests of an alert on a single series."""
    step = step_for(getattr(alert.condition, "window", 0))
    tested = _AlertCase(alert, runbook, step, up(alert.hold, step))
    return _CASES[type(alert.condition)](tested, alert.condition)


def step_for(window_s: int) -> int:
    """Return the evaluation interval of rules over a window, such that each window contains a sample."""
    return LONG_STEP_S if window_s >= _DAY and window_s % LONG_STEP_S == 0 else STEP_S


def _input(source: Series, values: str, more: Mapping[str, str] = _NO_MORE, alternative: int = 0) -> Case:
    return series(source.metric, {**examples.labels(source.matchers, alternative), **more}, values)


def _age(tested: _AlertCase, condition: AgeCondition) -> Iterator[Timed]:
    limit, ready = condition.threshold, tested.ready
    times = max(ready // tested.step, 1)
    # A timestamp that advances with the clock keeps its age.
    late, fresh = (counter(-age, (tested.step, times)) for age in (limit + 1, limit))
    old, young = _input(condition.series, late), _input(condition.series, fresh)
    yield tested.case("a second too old", [old], *tested.early(), tested.expect_firing(ready, limit + 1))
    yield tested.case("as old as it may be", [young], tested.expect_silent(ready))
    yield from _waits(tested, condition.series, limit)


def _waits(base: _AlertCase, series_read: Series, limit: int) -> Iterator[Timed]:
    """Test a time that was never reported, and one that was reported once: both age with the clock."""
    step = step_for(limit)
    tested = base._replace(step=step, ready=up(base.alert.hold, step))
    late = up(limit + 1, step)
    checks = (tested.expect_silent(down(limit, step)), tested.expect_firing(late + tested.ready, late + tested.ready))
    yield tested.case("never reported", [], *checks)
    reported, again = "_ " + constant(step, 0), late + step
    checks = (
        tested.expect_silent(down(limit, step) + step),
        tested.expect_firing(again + tested.ready, again + tested.ready - step),
    )
    yield tested.case("reported once, and lost", [_input(series_read, reported)], *checks)


def _bound(tested: _AlertCase, condition: BoundCondition) -> Iterator[Timed]:
    known_labels = examples.labels(condition.series.matchers)
    labels = {label: known_labels.get(label, _EXAMPLE) for label in condition.by}
    away = abs(condition.bound) * _THOUSANDTH or _THOUSANDTH
    wrong = condition.bound + (away if condition.operator == ">" else -away)
    times = tested.ready // tested.step
    beyond, at = (_input(condition.series, constant(v, times), labels) for v in (wrong, condition.bound))
    yield tested.case(
        "on the wrong side", [beyond], *tested.early(), tested.expect_firing(tested.ready, wrong, **labels)
    )
    yield tested.case("just at the bound", [at], tested.expect_silent(tested.ready))
    if condition.missing:
        half = _input(condition.missing, constant(_HALF, times), labels)
        check = tested.expect_firing(tested.ready, wrong, "50%", **labels)
        yield tested.case("half of the values are missing", [beyond, half], *tested.early(), check)


def _failure(tested: _AlertCase, condition: FailureCondition) -> Iterator[Timed]:
    """Test the first failure of each kind, while its series exists and after it has disappeared, and an old failure."""
    until, ended = _moments(condition.window, tested.step)
    soon = tested.step + tested.ready
    until = max(until, soon)
    checks = (
        tested.expect_silent(0),
        tested.expect_firing(soon, tested.ready),
        tested.expect_firing(until, until - tested.step),
    )
    alive = _alive(condition.alive, ended // tested.step)
    value = 1 if condition.alive else tested.step
    for number, labels in enumerate(examples.variants(condition.series.matchers)):
        stays = series(condition.series.metric, labels, "_ " + constant(value, ended // tested.step))
        lost = series(condition.series.metric, labels, "_ " + constant(value, 0))
        yield tested.case(f"failure {number + 1}, then no other", [stays, *alive], *checks, tested.expect_silent(ended))
        yield tested.case(f"failure {number + 1}, and its report is lost", [lost, *alive], *checks)


def _overdue(tested: _AlertCase, condition: OverdueCondition) -> Iterator[Timed]:
    if condition.alive is None:
        yield from _waits(tested, condition.series, condition.window)
        return
    window, step = condition.window, tested.step
    late = up(window + 1, step)
    times = (late + tested.ready) // step + 1
    alive = _alive(condition.alive, times)
    once = _input(condition.series, "_ " + constant(1, times))
    fewer = _input(condition.series, f"{constant(2, 0)} {constant(3, 0)} {constant(1, times)}")
    none = (tested.expect_silent(down(window, step)), tested.expect_firing(late + tested.ready, 0))
    success = (tested.expect_silent(down(window, step) + step), tested.expect_firing(late + step + tested.ready, 0))
    yield tested.case("there is none yet", alive, *none)
    yield tested.case("the first is too long ago", [once, *alive], *success)
    yield tested.case("a success, and runs are deleted", [fewer, *alive], *success)


def _alive(exporter: Series | None, times: int) -> list[Case]:
    """Return the input series that is present while the exporter of a count runs."""
    return [_input(exporter, constant(0, times))] if exporter else []


def _moments(window_s: int, step: int) -> tuple[int, int]:
    """Return the last time at which an event of the second step is in a window, and the first at which it is not."""
    return down(window_s, step), up(window_s, step) + 2 * step


_CASES: Mapping[type, Callable[[_AlertCase, Any], Iterator[Timed]]] = {
    AgeCondition: _age,
    BoundCondition: _bound,
    FailureCondition: _failure,
    OverdueCondition: _overdue,
}
