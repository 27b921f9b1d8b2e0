"""The names of a system's alerts: each is one alert's, whatever methods its columns are watched by."""

from __future__ import annotations

from itertools import product

import pytest
from projects import resolved, spec

from mlopsctl.blueprint.decide import build
from mlopsctl.blueprint.model.alerts import Alert, BoundCondition

METHODS = [
    (number, category, bound)
    for number, category in product(("ks", "psi", "wasserstein"), ("cramers-v", "psi"))
    for bound in ("0.2", "0.3")
]


def alerts(number: str, category: str, bound: str) -> tuple[Alert, ...]:
    drift = f"drift: {{numerical: {{method: {number}, max: 0.2}}, categorical: {{method: {category}, max: {bound}}}}}"
    edited = spec(
        ("drift: {numerical: {method: ks, max: 0.2}}", drift),
        ("          amount: {type: float64}", "          amount: {type: float64}\n          channel: {type: string}"),
        ("request: {amount: float64}", "request: {amount: float64, channel: string}"),
    )
    return build.blueprint(resolved(edited))[0].alerts


@pytest.mark.parametrize(("number", "category", "bound"), METHODS)
def test_no_two_alerts_have_one_name_and_each_watched_column_has_its_bound(
    number: str, category: str, bound: str
) -> None:
    decided_alerts = alerts(number, category, bound)
    drift = [
        alert.condition
        for alert in decided_alerts
        if isinstance(alert.condition, BoundCondition) and alert.group == "drift"
    ]
    columns = {
        name: str(condition.bound) for condition in drift for name in condition.series.matchers[-1][2].split("|")
    }

    assert len({alert.name for alert in decided_alerts}) == len(decided_alerts)
    assert columns == {"txn_count_1h": "0.2", "amount": "0.2", "channel": bound}


def test_kinds_are_told_apart_only_where_they_share_a_method() -> None:
    apart = [alert.name for alert in alerts("psi", "psi", "0.3") if alert.name.endswith("Drift")]
    alone = [alert.name for alert in alerts("ks", "psi", "0.3") if alert.name.endswith("Drift")]

    assert apart == ["CardFraudPsiNumericalDrift", "CardFraudPsiCategoricalDrift"]
    assert alone == ["CardFraudKsDrift", "CardFraudPsiDrift"]
