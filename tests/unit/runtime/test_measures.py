from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mlopsctl.catalogue.tasks import BINARY, MULTICLASS, REGRESSION, TASKS, metrics_of
from mlopsctl.runtime.measures import measure
from mlopsctl.runtime.served.scorer import Answers

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def answers(task: str, names: tuple[Any, ...] = (0, 1)) -> tuple[Answers, Any]:
    """Return answers that are mostly right, and the truth."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(1)
    if task == REGRESSION:
        truth = pd.Series(rng.random(40) + 1)
        return Answers(truth.to_numpy() * 1.1, None, ()), truth
    count = 2 if task == BINARY else 3
    names = names if task == BINARY else ("a", "b", "c")
    picked = rng.integers(0, count, 40)
    scores = rng.random((40, count)) + np.eye(count)[picked]
    scores /= scores.sum(axis=1, keepdims=True)
    values = np.asarray([names[i] for i in scores.argmax(axis=1)])
    return Answers(values, scores, names), pd.Series([names[i] for i in picked])


@pytest.mark.parametrize("task", TASKS)
def test_every_metric_of_a_task_is_measured_within_its_range(task: str) -> None:
    found, skipped = measure(task, *answers(task))
    assert skipped == {}
    assert set(found) == set(metrics_of(task))
    for name, metric in metrics_of(task).items():
        value = Decimal(str(found[name]))
        assert metric.low is None or value >= metric.low, name
        assert metric.high is None or value <= metric.high, name


def test_what_the_two_classes_are_called_changes_no_metric() -> None:
    numbers, words = (measure(BINARY, *answers(BINARY, names))[0] for names in ((0, 1), ("kept", "left")))
    assert numbers == words


def test_a_loss_is_the_loss_itself_and_not_its_negative() -> None:
    from sklearn.metrics import mean_absolute_error

    said, truth = answers(REGRESSION)
    assert measure(REGRESSION, said, truth)[0]["mae"] == pytest.approx(mean_absolute_error(truth, said.values))


def test_a_model_without_scores_says_which_metrics_it_has_not() -> None:
    said, truth = answers(BINARY)
    found, skipped = measure(BINARY, Answers(said.values, None, ()), truth)
    assert skipped["roc_auc"] == "the model gives no scores"
    assert "f1" in found
    assert set(found) | set(skipped) == set(metrics_of(BINARY))


def test_rows_of_one_class_leave_out_what_is_not_defined_on_them() -> None:
    import pandas as pd

    said, truth = answers(BINARY)
    found, skipped = measure(BINARY, said, pd.Series([1] * len(truth)))
    assert "roc_auc" in skipped
    assert "accuracy" in found


def test_a_class_that_the_holdout_lacks_does_not_stop_the_others() -> None:
    said, truth = answers(MULTICLASS)
    found, _ = measure(MULTICLASS, said, truth.replace("c", "a"))
    assert 0 < found["accuracy"] < 1
