"""Cases of a user's rules: inputs on both sides of the number that the expression compares with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from mlopsctl.blueprint.model.alerts import Alert, ExpressionCondition
from mlopsctl.engines.prometheus.cases.conditions import step_for
from mlopsctl.engines.prometheus.cases.inversion import Solution, number, solve
from mlopsctl.engines.prometheus.cases.notation import (
    MINUTE,
    STEP_S,
    Case,
    Timed,
    case,
    constant,
    counter,
    expect_firing,
    expect_silent,
    series,
    up,
)
from mlopsctl.engines.prometheus.cases.wording import expected_alert

_HUNDREDTH, _LEAST = Decimal("0.01"), Decimal("0.001")
_SEEN_FROM_RIGHT = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
# For each comparison: distances from the number at which it holds and does not hold, in steps.
_SIDES = {">": (1, -1), ">=": (1, -1), "<": (-1, 1), "<=": (-1, 1), "==": (0, 1), "!=": (1, 0)}


class Sides(NamedTuple):
    """Inputs for which an expression holds (None: no input series), and for which it does not."""

    holds: Solution | None
    fails: Solution | None


def own_cases(alert: Alert, runbook: str | None) -> tuple[Timed, ...] | None:
    """Return a test in which the alert fires and one in which it is silent, or None."""
    assert type(alert.condition) is ExpressionCondition  # noqa: S101 - the caller looked
    sides = find_sides(alert.condition.expression)
    if sides is None:
        return None
    reach = max([side.reach for side in sides if side], default=0)
    step = step_for(up(reach, STEP_S))
    moment = up(reach, step) + up(alert.hold, step)
    labels = sides.holds.labels if sides.holds else sides.fails.labels if sides.fails else {}
    fired, quiet = (
        expect_firing(alert.name, moment, expected_alert(alert, runbook, 0, **labels)),
        expect_silent(alert.name, moment),
    )
    exact = alert.hold and not (sides.holds and sides.holds.grows)
    early = [expect_silent(alert.name, moment - step)] if exact else []
    cases = (("holds", sides.holds, [*early, fired]), ("does not hold", sides.fails, [quiet]))
    return tuple(
        Timed(
            step,
            case(f"{alert.name}: {title}", MINUTE, _inputs(inputs, moment), alert_rule_test=checks),
        )
        for title, inputs, checks in cases
    )


def find_sides(expression: str) -> Sides | None:
    """Find inputs for both sides of a parsed expression."""
    import promql_parser

    return _sides(promql_parser.parse(expression))


def _sides(expr: Any) -> Sides | None:
    kind = type(expr).__name__
    if kind == "ParenExpr":
        return _sides(expr.expr)
    if kind == "Call" and expr.func.name == "absent" and type(expr.args[0]).__name__ == "VectorSelector":
        return _absent(expr.args[0])
    if kind == "BinaryExpr" and str(expr.op) in _SIDES:
        return _comparison(expr)
    return None


def _comparison(expr: Any) -> Sides | None:
    if expr.modifier is not None and expr.modifier.return_bool:
        return None
    op, value, limit = str(expr.op), expr.lhs, number(expr.rhs)
    if limit is None:
        op, value, limit = _SEEN_FROM_RIGHT[op], expr.rhs, number(expr.lhs)
    if limit is None:
        return None
    step = abs(limit) * _HUNDREDTH or _LEAST
    holds, fails = (solve(value, limit + step * far) for far in _SIDES[op])
    if holds is None or (fails is None and limit != 0):
        return None
    # Counters cannot be negative: without input the expression is empty, and the alert does not fire.
    return Sides(holds, fails)


def _absent(selector: Any) -> Sides | None:
    present = solve(selector, Decimal(1))
    if present is None or any(str(m.op).endswith("Re") for m in selector.matchers.matchers):
        return None
    return Sides(None, present)


def _inputs(solution: Solution | None, until: int) -> list[Case]:
    minutes = until // MINUTE
    return [
        series(
            supply.metric,
            dict(supply.labels),
            counter(1_000_000, (supply.value, minutes)) if supply.grows else constant(supply.value, minutes),
        )
        for supply in (solution.supplies if solution else ())
    ]
