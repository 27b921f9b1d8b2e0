"""What KFP cannot do is said once, and only where somebody asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import SCHEMA, Blueprint, Shared
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.diagnostics.model import Severity
from mlopsctl.engines.kfp.target import limits, limits_shared


def with_monitoring(blueprint: Blueprint, **settings: Any) -> Blueprint:
    old: Mapping[str, Any] = blueprint.engines.monitoring.settings
    engine = Engine("prometheus-operator", "0.93", {**old, **settings})
    return replace(blueprint, engines=replace(blueprint.engines, monitoring=engine))


def with_cron(blueprint: Blueprint, cron: str) -> Blueprint:
    pipelines = tuple(
        replace(pipeline, schedules=tuple(replace(schedule, cron=cron) for schedule in pipeline.schedules))
        if pipeline.purpose == "train"
        else pipeline
        for pipeline in blueprint.pipelines
    )
    return replace(blueprint, pipelines=pipelines)


def test_alerts_on_numbers_that_nobody_exports_are_one_warning(fraud: Blueprint) -> None:
    (diagnostic,) = limits(with_monitoring(fraud, pushgateway=None))
    assert (diagnostic.code, diagnostic.severity, diagnostic.path) == (
        "MLC820",
        Severity.WARNING,
        "spec.alerts.freshness",
    )
    assert all(f"`{group}`" in diagnostic.message for group in ("freshness", "drift", "quality"))
    assert "push gateway" in diagnostic.help


def test_a_push_gateway_answers_the_warning(fraud: Blueprint) -> None:
    assert limits(with_monitoring(fraud, pushgateway="http://push:9091")) == ()


def test_who_asks_for_no_such_alert_hears_nothing(fraud: Blueprint) -> None:
    alerts = tuple(alert for alert in fraud.alerts if alert.group in {"slo", "training", "own"})
    assert alerts
    assert limits(with_monitoring(replace(fraud, alerts=alerts), pushgateway=None)) == ()


@pytest.mark.parametrize(
    ("cron", "why"),
    [
        ("0 3 * * 7", "0 (Sunday)"),
        ("0 3 L * *", "last day of the month"),
        ("0 3 * * 5L", "last weekday"),
        ("0 3 * * 1#2", "nth weekday of the month"),
    ],
)
def test_a_schedule_that_kubernetes_refuses_is_an_error(fraud: Blueprint, cron: str, why: str) -> None:
    (diagnostic,) = limits(with_cron(with_monitoring(fraud, pushgateway="http://push:9091"), cron))
    assert (diagnostic.code, diagnostic.severity) == ("MLC821", Severity.ERROR)
    assert diagnostic.path == "spec.model.retrain.schedule.cron"
    assert why in diagnostic.message


@pytest.mark.parametrize(("maps", "codes"), [(("features",), []), (("features", "features-2"), ["MLC822"])])
def test_a_feature_project_in_several_parts_is_an_error_of_the_workspace(
    fraud: Blueprint, maps: tuple[str, ...], codes: list[str]
) -> None:
    where = (fraud.identity.workspace, fraud.identity.environment, fraud.place, fraud.engines, fraud.labels)
    shared = Shared(SCHEMA, *where, (), "project", (), (fraud,), maps)
    limits = limits_shared(shared)
    assert [limit.code for limit in limits] == codes
    assert all(limit.path == "spec.systems" and limit.severity is Severity.ERROR for limit in limits)
