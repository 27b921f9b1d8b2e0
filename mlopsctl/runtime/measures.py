"""The metrics of a task, by scikit-learn's own scorers, from answers that are already there.

In: answers and true labels. Out: numbers by the catalogue's names, and why some could not be measured.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from mlopsctl.catalogue.tasks import BINARY, REGRESSION, metrics_of
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.served.scorer import Answers

if TYPE_CHECKING:
    import pandas as pd


class _Said:
    """An estimator that repeats answers, for scorers, which insist on asking one."""

    def __init__(self, task: str, values: Any, scores: Any, classes: Any) -> None:
        self._values, self._scores, self.classes_ = values, scores, classes
        self._estimator_type = "regressor" if task == REGRESSION else "classifier"

    def fit(self, *_: Any) -> None:
        """Exist: scorers look for it."""

    def predict(self, _: Any) -> Any:
        """Repeat the answers."""
        return self._values

    def predict_proba(self, _: Any) -> Any:
        """Repeat the scores."""
        return self._scores


def measure(task: str, answers: Answers, labels: pd.Series[Any]) -> tuple[dict[str, float], dict[str, str]]:
    """Measure everything the task knows; what cannot be measured comes with its reason."""
    from sklearn.metrics import get_scorer

    said, truth = _comparable(task, answers, labels)
    found: dict[str, float] = {}
    skipped: dict[str, str] = {}
    for name, metric in metrics_of(task).items():
        if metric.reads == "scores" and answers.scores is None:
            skipped[name] = "the model gives no scores"
            continue
        try:
            value = float(get_scorer(metric.scorer)(said, truth.to_frame(), truth)) * metric.sign
        except (ValueError, TypeError, AttributeError) as error:
            skipped[name] = first_line(error)
            continue
        if math.isfinite(value):
            found[name] = value
        else:
            skipped[name] = "it is not defined on these rows"
    return found, skipped


def _comparable(task: str, answers: Answers, labels: pd.Series[Any]) -> tuple[_Said, pd.Series[Any]]:
    """Put answers and labels into one form; of two classes the second is 1, whatever they are called."""
    import numpy as np
    import pandas as pd

    if task == REGRESSION:
        return _Said(task, answers.values, None, None), labels.astype(float)
    if task == BINARY:
        classes = answers.classes or tuple(sorted(set(labels) | set(answers.values.tolist())))
        second = classes[-1]
        truth = (labels == second).astype(int)
        values = np.asarray([int(one == second) for one in answers.values.tolist()])
        return _Said(task, values, answers.scores, np.array([0, 1])), pd.Series(truth)
    classes = answers.classes or tuple(sorted(set(labels)))
    return _Said(task, answers.values, answers.scores, np.asarray(classes)), labels
