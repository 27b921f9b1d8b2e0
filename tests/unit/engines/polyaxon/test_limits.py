"""What Polyaxon's own reader lets pass is said before a file is written."""

from __future__ import annotations

from typing import Any

import on_engines
import pytest
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import SCHEMA, Blueprint, Shared
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.diagnostics.model import Severity
from mlopsctl.engines.polyaxon.target import limits, limits_shared


@pytest.fixture
def fraud() -> Blueprint:
    """Give the richest system of the examples, its numbers pushed to a gateway."""
    blueprint = on_engines.example("polyaxon", "2.18", "payments", "prod", "card-fraud")
    monitoring = Engine("prometheus-operator", "0.93", {"pushgateway": "http://push:9091"})
    return replace(blueprint, engines=replace(blueprint.engines, monitoring=monitoring))


def test_who_asks_for_nothing_special_hears_nothing(fraud: Blueprint) -> None:
    assert limits(fraud) == ()


def test_alerts_on_numbers_that_nobody_exports_are_one_warning(fraud: Blueprint) -> None:
    monitoring = Engine("prometheus-operator", "0.93", {})
    (diagnostic,) = limits(replace(fraud, engines=replace(fraud.engines, monitoring=monitoring)))
    assert (diagnostic.code, diagnostic.severity, diagnostic.path) == (
        "MLC820",
        Severity.WARNING,
        "spec.alerts.freshness",
    )
    assert diagnostic.message.startswith("Polyaxon does not export the metrics of steps")


@pytest.mark.parametrize("cron", ["0 3 * * 7", "0 3 L * *", "0 3 * * 1#2"])
def test_a_schedule_that_cannot_be_read_is_an_error(fraud: Blueprint, cron: str) -> None:
    pipelines = tuple(
        replace(pipeline, schedules=tuple(replace(schedule, cron=cron) for schedule in pipeline.schedules))
        if pipeline.purpose == "train"
        else pipeline
        for pipeline in fraud.pipelines
    )
    (diagnostic,) = limits(replace(fraud, pipelines=pipelines))
    assert (diagnostic.code, diagnostic.severity) == ("MLC825", Severity.ERROR)
    assert diagnostic.path == "spec.model.retrain.schedule.cron"


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({}, []),
        ({"queue": "gpu", "edition": "commercial"}, []),
        ({"queue": "gpu", "edition": "community"}, ["MLC826"]),
    ],
)
def test_a_queue_needs_the_edition_that_has_it(fraud: Blueprint, settings: dict[str, Any], codes: list[str]) -> None:
    engines = replace(fraud.engines, pipelines=Engine("polyaxon", "2.18", settings))
    where = (fraud.identity.workspace, fraud.identity.environment, fraud.place, engines, fraud.labels)
    limits = limits_shared(Shared(SCHEMA, *where, (), "project", (), (fraud,), ("features",)))
    assert [limit.code for limit in limits] == codes
    assert all(limit.path == "spec.stack.pipelines.queue" for limit in limits)
