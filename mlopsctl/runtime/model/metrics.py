"""Compute the metrics of a task with scikit-learn, from existing predictions.

Scores are evaluated against the model's classes, not against the classes in the rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlopsctl.catalogue.tasks import BINARY, REGRESSION, TaskMetric, metrics_of
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.scoring.scorer import Answers

if TYPE_CHECKING:
    import pandas as pd


class _FixedEstimator:
    """An estimator that returns given predictions, because scorers require an estimator."""

    def __init__(self, task: str, values: Any, scores: Any, classes: Any) -> None:
        self._values, self._scores, self.classes_ = values, scores, classes
        self._estimator_type = "regressor" if task == REGRESSION else "classifier"

    def fit(self, *_: Any) -> None:
        """Do nothing: scorers require the method."""

    def predict(self, _: Any) -> Any:
        """Return the predictions."""
        return self._values

    def predict_proba(self, _: Any) -> Any:
        """Return the scores."""
        return self._scores


def measure(task: str, answers: Answers, labels: pd.Series[Any]) -> tuple[dict[str, float], dict[str, str]]:
    """Compute all metrics of the task; those that cannot be computed are returned with the reason."""
    strange = unknown_classes(task, answers, labels)
    if strange and task == BINARY:
        return {}, dict.fromkeys(metrics_of(task), strange)
    truth, values, classes = _comparable(task, answers, labels)
    repeated = _FixedEstimator(task, values, answers.scores, classes)
    values_by_name: dict[str, float] = {}
    skipped: dict[str, str] = {}
    for name, metric in metrics_of(task).items():
        if metric.reads == "scores" and (answers.scores is None or strange):
            skipped[name] = strange or "the model returns no scores"
            continue
        try:
            value = _value(metric, repeated, truth)
        except (ValueError, TypeError, AttributeError) as error:
            skipped[name] = first_line(error)
            continue
        if math.isfinite(value):
            values_by_name[name] = value
        else:
            skipped[name] = "it is not defined on these rows"
    return values_by_name, skipped


def unknown_classes(task: str, answers: Answers, labels: pd.Series[Any]) -> str:
    """Return why the labels do not fit the model's classes; empty if they fit, or the classes are unknown."""
    known_classes = set(answers.classes)
    if task == REGRESSION:
        return ""
    if task == BINARY and len(known_classes or {*labels, *answers.values.tolist()}) > 2:
        count = len(known_classes or {*labels, *answers.values.tolist()})
        subject = "the model has" if known_classes else "labels and predictions have"
        return f"{subject} {count} classes, but the task has two"
    strange = labels[~labels.isin(known_classes)] if known_classes else labels[:0]
    if strange.empty:
        return ""
    return f"{len(strange)} of {len(labels)} labels are not classes of the model, such as {str(strange.iloc[0])!a}"


def _value(metric: TaskMetric, repeated: _FixedEstimator, truth: pd.Series[Any]) -> float:
    from sklearn.metrics import get_scorer

    own = _BY_CLASS.get(metric.name)
    if own:
        scores = repeated.predict_proba(None)
        return own(truth.to_numpy(), scores, range(scores.shape[1]))
    return float(get_scorer(metric.scorer)(repeated, truth.to_frame(), truth)) * metric.sign


def _comparable(task: str, answers: Answers, labels: pd.Series[Any]) -> tuple[pd.Series[Any], Any, Any]:
    """Return labels, predictions and classes in one form: numbers, or indexes of classes in the model's order.

    A label or prediction of an unknown class gets an index after them.
    """
    import numpy as np

    if task == REGRESSION:
        return labels.astype(float), answers.values, None
    predicted = answers.values.tolist()
    occurring = {*labels, *predicted}
    # Of two classes the second is 1, even if the rows contain only one of them.
    known_classes = answers.classes or ((0, 1) if occurring <= {0, 1} else ())
    unknown = sorted(occurring - set(known_classes), key=lambda label: (str(type(label)), label))
    places = {name: i for i, name in enumerate((*known_classes, *unknown))}
    truth = labels.map(places).astype(int)
    return truth, np.asarray([places[label] for label in predicted]), np.arange(max(2, len(places)))


# scikit-learn's scorers derive the classes from the rows: a missing class would shift the columns of scores.


def _log_loss(truth: Any, scores: Any, classes: Any) -> float:
    from sklearn.metrics import log_loss

    return float(log_loss(truth, scores, labels=classes))


def _top_k(truth: Any, scores: Any, classes: Any) -> float:
    from sklearn.metrics import top_k_accuracy_score

    return float(top_k_accuracy_score(truth, scores, labels=classes))


def _one_vs_one(average: str) -> Callable[[Any, Any, Any], float]:
    def measured(truth: Any, scores: Any, classes: Any) -> float:
        from sklearn.metrics import roc_auc_score

        return float(roc_auc_score(truth, scores, multi_class="ovo", average=average, labels=classes))

    return measured


def _one_vs_rest(*, weighted: bool) -> Callable[[Any, Any, Any], float]:
    def measured(truth: Any, scores: Any, classes: Any) -> float:
        """Average over the classes in the rows: others have nothing to rank."""
        import numpy as np
        from sklearn.metrics import roc_auc_score

        present = [class_ for class_ in classes if (truth == class_).any()]
        areas = [roc_auc_score(truth == class_, scores[:, class_]) for class_ in present]
        return float(np.average(areas, weights=[(truth == class_).sum() if weighted else 1 for class_ in present]))

    return measured


_BY_CLASS: dict[str, Callable[[Any, Any, Any], float]] = {
    "log_loss": _log_loss,
    "top_k_accuracy": _top_k,
    "roc_auc_ovr": _one_vs_rest(weighted=False),
    "roc_auc_ovr_weighted": _one_vs_rest(weighted=True),
    "roc_auc_ovo": _one_vs_one("macro"),
    "roc_auc_ovo_weighted": _one_vs_one("weighted"),
}
