"""Cases of alerts on single series: ages, bounds, failures, overdue runs.

In: an alert. Out: tests in which it fires and in which it is silent. Every number is derived from the alert's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from mlopsctl.blueprint.model import (
    AgeCondition,
    Alert,
    BoundCondition,
    CountCondition,
    OverdueCondition,
    Series,
)
from mlopsctl.targets.prometheus.cases import examples
from mlopsctl.targets.prometheus.cases.notation import (
    LONG_STEP,
    STEP,
    Case,
    Timed,
    case,
    constant,
    counter,
    down,
    fires,
    series,
    silent,
    up,
)
from mlopsctl.targets.prometheus.cases.wording import told

_THOUSANDTH = Decimal("0.001")
_EXAMPLE = "example"
_DAY = 86_400
_LAST = 1_000
_NO_MORE: Mapping[str, str] = MappingProxyType({})


class _Tested(NamedTuple):
    """An alert, how often its rule is evaluated, and the first moment at which it can fire."""

    alert: Alert
    runbook: str | None
    step: int
    ready: int

    def case(self, what: str, inputs: list[Case], *checks: Case) -> Timed:
        written = case(f"{self.alert.name}: {what}", self.step, inputs, alert_rule_test=[*checks])
        return Timed(self.step, written)

    def early(self) -> list[Case]:
        """Expect silence a step before a condition that holds from the start has held long enough."""
        return [silent(self.alert.name, self.ready - self.step)] if self.ready else []

    def fires(self, at: int, value: Decimal | int, **labels: str) -> Case:
        return fires(self.alert.name, at, told(self.alert, self.runbook, value, **labels))

    def silent(self, at: int) -> Case:
        return silent(self.alert.name, at)


def condition_cases(alert: Alert, runbook: str | None) -> Iterator[Timed]:
    """Yield the tests of an alert on a single series."""
    step = step_for(getattr(alert.condition, "window", 0))
    one = _Tested(alert, runbook, step, up(alert.hold, step))
    return _CASES[type(alert.condition)](one, alert.condition)


def step_for(window: int) -> int:
    """Return how often rules over a window are evaluated: at moments from which it reaches back to a sample."""
    return LONG_STEP if window >= _DAY and window % LONG_STEP == 0 else STEP


def _input(of: Series, values: str, more: Mapping[str, str] = _NO_MORE, alternative: int = 0) -> Case:
    return series(of.metric, {**examples.labels(of.matchers, alternative), **more}, values)


def _age(one: _Tested, condition: AgeCondition) -> Iterator[Timed]:
    limit, ready = condition.threshold, one.ready
    times = max(ready // one.step, 1)
    # A timestamp that moves on with the clock keeps its age.
    late, fresh = (counter(-age, (one.step, times)) for age in (limit + 1, limit))
    old, young = _input(condition.series, late), _input(condition.series, fresh)
    yield one.case("a second too old", [old], *one.early(), one.fires(ready, limit + 1))
    yield one.case("as old as it may be", [young], one.silent(ready))
    yield one.case("never reported", [], *one.early(), one.fires(ready, 1))
    yield _no_more(one, condition)


def _no_more(one: _Tested, condition: AgeCondition) -> Timed:
    """Test a timestamp that nobody reports any more: it ages on, and leaves the window in the end."""
    limit, step = condition.threshold, step_for(condition.threshold)
    tested = one._replace(step=step, ready=up(one.alert.hold, step))
    old = up(limit + 1, step) + tested.ready
    times = (old - limit) // step + 1
    gone = times * step + up(limit, step) + 2 * step
    return tested.case(
        "not reported any more",
        [_input(condition.series, constant(0, times))],
        tested.silent(down(limit, step)),
        tested.fires(old, old),
        tested.fires(gone, 1),
    )


def _bound(one: _Tested, condition: BoundCondition) -> Iterator[Timed]:
    labels = dict.fromkeys(condition.by, _EXAMPLE)
    away = abs(condition.bound) * _THOUSANDTH or _THOUSANDTH
    wrong = condition.bound + (away if condition.operator == ">" else -away)
    times = one.ready // one.step
    beyond, at = (_input(condition.series, constant(v, times), labels) for v in (wrong, condition.bound))
    yield one.case("on the wrong side", [beyond], *one.early(), one.fires(one.ready, wrong, **labels))
    yield one.case("just at the bound", [at], one.silent(one.ready))


def _count(one: _Tested, condition: CountCondition) -> Iterator[Timed]:
    held, gone = _moments(condition.window, one.step)
    soon, late = one.step + one.ready, max(held, one.step + one.ready)
    started, zero = "_ " + constant(1, late // one.step - 1), constant(0, late // one.step)
    every = examples.variants(condition.series.matchers)
    first = [series(condition.series.metric, labels, started) for labels in every]
    more = _input(condition.series, _one_more(gone, one.step), alternative=_LAST)
    yield one.case(
        "the first of each kind",
        [*first, _untouched(condition.series, zero)],
        one.silent(0),
        one.fires(soon, len(first)),
        one.fires(late, len(first)),
    )
    yield one.case(
        "one more, until the window has passed",
        [more],
        one.fires(max(held, one.ready), 1),
        one.silent(gone),
    )


def _overdue(one: _Tested, condition: OverdueCondition) -> Iterator[Timed]:
    held, gone = _moments(condition.window, one.step)
    last = _input(condition.series, _one_more(gone + one.ready, one.step))
    first = _input(condition.series, constant(1, max(held, one.ready) // one.step))
    zero = _untouched(condition.series, constant(0, one.ready // one.step))
    yield one.case("the last is too long ago", [last], one.silent(held), one.fires(gone + one.ready, 0))
    yield one.case("there is none yet", [zero], *one.early(), one.fires(one.ready, 0))
    yield one.case("the first there is", [first], one.silent(one.ready), one.silent(held - one.step))


def _untouched(of: Series, zero: str) -> Case:
    """Return a counter that another pod began with, and that has counted nothing."""
    return _input(of, zero, {"pod": _EXAMPLE})


def _moments(window: int, step: int) -> tuple[int, int]:
    """Return when a window still holds what happened in the second step, and when it holds it no more.

    Between the two Prometheus 2 and 3 differ: only the older one counts the sample at a window's beginning.
    """
    return down(window, step), up(window, step) + 2 * step


def _one_more(until: int, step: int) -> str:
    """Write a counter that is there from the start and grows by one in the second step."""
    return counter(5, (0, 1), (1, 1), (0, until // step - 2))


_CASES: Mapping[type, Callable[[_Tested, Any], Iterator[Timed]]] = {
    AgeCondition: _age,
    BoundCondition: _bound,
    CountCondition: _count,
    OverdueCondition: _overdue,
}
