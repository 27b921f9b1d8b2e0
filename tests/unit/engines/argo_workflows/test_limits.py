"""What the engine cannot do is said before it is rendered, and nothing else is."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Gauge, Schedule
from mlopsctl.engines.argo_workflows import metrics, target


def scheduled(blueprint: Blueprint, cron: str) -> Blueprint:
    schedule = Schedule("card-fraud-train", cron, "Etc/UTC", (), 86_400)
    return replace(blueprint, pipelines=(replace(blueprint.pipelines[1], schedules=(schedule,)),))


@pytest.mark.parametrize("cron", ["0 3 * * 7", "0 3 * * 1-7", "0 3 L * *", "0 3 * * 5L", "0 3 * * 1,7", "0 3 LW * *"])
def test_a_schedule_that_the_controller_cannot_read_is_an_error(fraud: Blueprint, cron: str) -> None:
    (finding,) = target.limits(scheduled(fraud, cron))
    assert finding.code == "MLC810"
    assert finding.path == "spec.model.retrain.schedule.cron"
    assert cron in finding.message


@pytest.mark.parametrize(
    "cron", ["0 3 * * 0", "0 3 * * SUN", "*/7 * * JUL */7", "0 3 1-31/7 * MON-SAT/2", "0 3 * * 0-6"]
)
def test_a_schedule_that_the_controller_reads_is_none(fraud: Blueprint, cron: str) -> None:
    assert target.limits(scheduled(fraud, cron)) == ()


def test_more_metrics_than_a_template_may_have_are_an_error(fraud: Blueprint) -> None:
    monitor = fraud.pipelines[2]
    watch = monitor.steps[0]
    gauge = Gauge("mlops_drift_score", "drift", (), "quality")
    for count, findings in ((100, 0), (101, 1)):
        step = replace(watch, gauges=(gauge,) * count)
        changed = replace(fraud, pipelines=(replace(monitor, steps=(step,)),))
        limits = target.limits(changed)
        assert len(limits) == findings
    assert limits[0].code == "MLC811"
    assert limits[0].path == "spec.checks.live.drift"


def test_shares_of_missing_values_without_room_are_told_and_only_they_are_left_out(fraud: Blueprint) -> None:
    monitor = fraud.pipelines[2]
    watch = monitor.steps[0]
    score, share = (Gauge(f"mlops_{name}", "a number", (), "quality") for name in ("drift_score", "missing_share"))
    for count, findings in ((50, 0), (51, 1)):
        step = replace(watch, gauges=(*(score,) * count, *(share,) * count))
        limits = target.limits(replace(fraud, pipelines=(replace(monitor, steps=(step,)),)))
        assert [limit.code for limit in limits] == ["MLC824"] * findings
        exported = [gauge["name"] for gauge in metrics.gauges(step)["metrics"]["prometheus"]]
        assert (exported.count(score.metric), len(exported)) == (count, 100)
    assert "of 2 columns are not exported" in limits[0].message


def test_the_examples_ask_for_nothing_that_cannot_be_done(example: Blueprint) -> None:
    assert target.limits(example) == ()
