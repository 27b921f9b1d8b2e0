"""Which alerts get no unit test.

In: a Blueprint. Out: findings that name the spec field. Never renders.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, ExpressionCondition
from mlopsctl.diagnostics.codes import engines as codes
from mlopsctl.diagnostics.model import Diagnostic


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Find alerts that get no unit test."""
    own = [alert for alert in blueprint.alerts if type(alert.condition) is ExpressionCondition]
    if not own:
        return ()
    from mlopsctl.targets.prometheus.cases.own import own_cases

    message = "no unit test can be derived from the expression of `{}`"
    return tuple(
        codes.UNTESTED_RULE.at(None, message.format(alert.name), path=f"{alert.source}.expr")
        for alert in own
        if own_cases(alert, None) is None
    )
