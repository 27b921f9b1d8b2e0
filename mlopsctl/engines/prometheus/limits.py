"""Limits of Prometheus."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.alerts import ExpressionCondition
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.prometheus import codes


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Report rules of the user without a unit test."""
    own = [alert for alert in blueprint.alerts if type(alert.condition) is ExpressionCondition]
    if not own:
        return ()
    from mlopsctl.engines.prometheus.cases.own import own_cases

    message = "no unit test can be derived from the expression of `{}`"
    return tuple(
        codes.UNTESTED_RULE.at(None, message.format(alert.name), path=f"{alert.source}.expr")
        for alert in own
        if own_cases(alert, None) is None
    )


LIMITS: Final = Limits(system=limits)
