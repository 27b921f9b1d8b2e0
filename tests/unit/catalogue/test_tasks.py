from __future__ import annotations

import pytest

from mlopsctl.catalogue.tasks import TASKS, metric, metrics_of, tasks_of


@pytest.mark.parametrize("task", TASKS)
def test_the_range_of_every_metric_is_the_right_way_round(task: str) -> None:
    assert metrics_of(task)
    for name, task_metric in metrics_of(task).items():
        assert task_metric.name == name
        assert task_metric.low is None or task_metric.high is None or task_metric.low < task_metric.high


@pytest.mark.parametrize("task", TASKS)
def test_what_is_better_lower_has_a_scorer_with_its_sign_turned(task: str) -> None:
    for task_metric in metrics_of(task).values():
        assert task_metric.sign == (1 if task_metric.higher_is_better else -1)


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("binary-classification", "average_precision"),
        ("binary-classification", "brier"),
        ("multiclass-classification", "f1_macro"),
        ("regression", "rmse"),
    ],
)
def test_a_task_knows_its_usual_metrics(task: str, name: str) -> None:
    assert metric(task, name) is not None


def test_a_metric_of_another_task_is_not_found_and_its_tasks_are_named() -> None:
    assert metric("regression", "roc_auc") is None
    assert tasks_of("roc_auc") == ("binary-classification",)
    assert tasks_of("accuracy") == ("binary-classification", "multiclass-classification")


def test_an_unknown_task_has_no_metrics() -> None:
    assert metrics_of("clustering") == {}


def test_losses_are_better_lower() -> None:
    loss = metric("binary-classification", "log_loss")
    assert loss is not None

    assert not loss.higher_is_better
    assert loss.high is None
    assert loss.reads == "scores"
