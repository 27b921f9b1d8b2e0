from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mlopsctl.catalogue.tasks import BINARY, MULTICLASS, REGRESSION, TASKS, metrics_of
from mlopsctl.runtime.model.metrics import measure
from mlopsctl.runtime.scoring.scorer import Answers, Scorer

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
    values, skipped = measure(task, *answers(task))
    assert skipped == {}
    assert set(values) == set(metrics_of(task))
    for name, metric in metrics_of(task).items():
        value = Decimal(str(values[name]))
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
    values, skipped = measure(BINARY, Answers(said.values, None, ()), truth)
    assert skipped["roc_auc"] == "the model returns no scores"
    assert "f1" in values
    assert set(values) | set(skipped) == set(metrics_of(BINARY))


def test_rows_of_one_class_leave_out_what_is_not_defined_on_them() -> None:
    import pandas as pd

    said, truth = answers(BINARY)
    values, skipped = measure(BINARY, said, pd.Series([1] * len(truth)))
    assert "roc_auc" in skipped
    assert "accuracy" in values


def test_a_class_that_the_holdout_lacks_does_not_stop_the_others() -> None:
    said, truth = answers(MULTICLASS)
    values, _ = measure(MULTICLASS, said, truth.replace("c", "a"))
    assert 0 < values["accuracy"] < 1


def random_answers(rng: Any, names: list[Any], rows: int, present: list[Any]) -> tuple[Any, Any]:
    """Return scores by class name, and labels of the classes that are present."""
    import numpy as np
    import pandas as pd

    labels = pd.Series([present[i] for i in rng.integers(0, len(present), rows)])
    scores = rng.random((rows, len(names))) + 0.6 * np.equal.outer(labels.to_numpy(), np.asarray(names, dtype=object))
    return pd.DataFrame(scores / scores.sum(axis=1, keepdims=True), columns=names), labels


class Fixed:
    """An estimator that knows its classes in an order of its own."""

    def __init__(self, scores: Any, order: list[Any]) -> None:
        import numpy as np

        self._scores = scores[order]
        self.classes_ = np.asarray(order)

    def predict(self, _: Any) -> Any:
        return self.classes_[self._scores.to_numpy().argmax(axis=1)]

    def predict_proba(self, _: Any) -> Any:
        return self._scores.to_numpy()


def answers_of(task: str, estimator: Any, rows: Any) -> Answers:
    """Ask an estimator through the code that serves it."""
    from mlopsctl.runtime.scoring.contract import Contract

    return Scorer(Contract("s", task, "y", "string", "", "", "", (), (), (), (), ()), estimator, None).answers(rows)  # type: ignore[arg-type]


def area(positive: Any, negative: Any) -> float:
    """Count the pairs that are ranked right: what the area under the ROC curve is."""
    pairs = [(a > b) + (a == b) / 2 for a in positive for b in negative]
    return float(sum(pairs) / len(pairs))


@pytest.mark.parametrize("seed", range(12))
def test_scores_are_measured_by_class_name_whatever_the_models_order_and_the_rows_classes(seed: int) -> None:
    """Against the definitions by class name: mean of -log p, pairs ranked right, truth among the two best."""
    import numpy as np

    rng = np.random.default_rng(seed)
    names: list[Any] = [3, 1, 20, 7] if seed % 2 else ["a", "b", "c", "d"]
    scores, labels = random_answers(rng, names, 60, names[: 4 - seed % 3])
    answers = answers_of(MULTICLASS, Fixed(scores, list(rng.permutation(np.asarray(names, dtype=object)))), scores)
    values, skipped = measure(MULTICLASS, answers, labels)
    assert skipped == {}
    true = np.asarray([scores[name].iloc[i] for i, name in enumerate(labels)])
    best = [labels[i] in row.nlargest(2).index for i, row in scores.iterrows()]
    areas = {label: area(scores[label][labels == label], scores[label][labels != label]) for label in set(labels)}
    pairs = [area(scores[a][labels == a], scores[a][labels == b]) for a in areas for b in areas if a != b]
    assert values["log_loss"] == pytest.approx(-np.log(true).mean())
    assert values["top_k_accuracy"] == pytest.approx(np.mean(best))
    assert values["roc_auc_ovr"] == pytest.approx(np.mean(list(areas.values())))
    assert values["roc_auc_ovr_weighted"] == pytest.approx(sum(areas[label] for label in labels) / len(labels))
    assert values["roc_auc_ovo"] == pytest.approx(np.mean(pairs))
    assert values["accuracy"] == pytest.approx(np.mean(scores.idxmax(axis=1).to_numpy() == labels.to_numpy()))


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_of_two_classes_the_greater_is_the_one_that_is_measured_and_served(order: list[int]) -> None:
    import numpy as np

    scores, labels = random_answers(np.random.default_rng(5), [0, 1], 80, [0, 1])
    answers = answers_of(BINARY, Fixed(scores, order), scores)
    values, _ = measure(BINARY, answers, labels)
    said = scores[1] > 0.5
    hits = (said & (labels == 1)).sum()
    assert values["precision"] == pytest.approx(hits / said.sum())
    assert values["roc_auc"] == pytest.approx(area(scores[1][labels == 1], scores[1][labels == 0]))
    assert answers.scores is not None
    assert answers.scores[:, 1].tolist() == scores[1].tolist()


def test_a_label_of_a_class_that_the_model_does_not_know_is_told_and_not_measured_as_another() -> None:
    import numpy as np

    scores, labels = random_answers(np.random.default_rng(6), ["a", "b", "c"], 50, ["a", "b", "c"])
    labels[:5] = "new"
    values, skipped = measure(MULTICLASS, answers_of(MULTICLASS, Fixed(scores, ["c", "a", "b"]), scores), labels)
    reason = "5 of 50 labels are not classes of the model, such as 'new'"
    assert {skipped[name] for name in ("log_loss", "roc_auc_ovr", "top_k_accuracy")} == {reason}
    assert values["accuracy"] == pytest.approx(np.mean(scores.idxmax(axis=1).to_numpy() == labels.to_numpy()))


def test_a_third_value_in_a_binary_label_is_measured_as_neither_class() -> None:
    import numpy as np

    scores, labels = random_answers(np.random.default_rng(7), [0, 1], 50, [0, 1])
    labels[:2] = 2
    values, skipped = measure(BINARY, answers_of(BINARY, Fixed(scores, [0, 1]), scores), labels)
    assert values == {}
    assert set(skipped.values()) == {"2 of 50 labels are not classes of the model, such as '2'"}
    without, skipped = measure(BINARY, Answers(labels.to_numpy(), None, ()), labels)
    assert without == {}
    assert set(skipped.values()) == {"labels and predictions have 3 classes, but the task has two"}
