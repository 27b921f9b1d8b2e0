"""Points of the report's plots: curves, errors, importance; thinned so that the report stays small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlopsctl.catalogue.tasks import BINARY, REGRESSION
from mlopsctl.runtime.model.metrics import measure
from mlopsctl.runtime.scoring.scorer import Answers, Scorer

if TYPE_CHECKING:
    import pandas as pd

POINTS = 100
_IMPORTANCE_ROWS = 300
_LEADING = {BINARY: "roc_auc", REGRESSION: "rmse"}


def pictures(
    scorer: Scorer, inputs: pd.DataFrame, labels: pd.Series[Any], answers: Answers, seed: int
) -> dict[str, Any]:
    """Return the points of the plots that fit the task."""
    task = scorer.contract.task
    plots: dict[str, Any] = {"importance": importance(scorer, inputs, labels, seed)}
    if task == REGRESSION:
        step = max(1, len(labels) // POINTS)
        plots["residuals"] = [[float(a), float(b)] for a, b in zip(answers.values[::step], labels[::step], strict=True)]
        return plots
    plots["confusion"] = _confusion(labels, answers)
    if task == BINARY and answers.scores is not None and len(answers.classes) == 2:
        plots |= _curves(labels == answers.classes[1], answers.scores[:, 1])
    return plots


def _curves(truth: pd.Series[Any], scores: Any) -> dict[str, Any]:
    from sklearn.metrics import precision_recall_curve, roc_curve

    false, true, _ = roc_curve(truth, scores)
    precision, recall, _ = precision_recall_curve(truth, scores)
    return {"roc": _thinned(false, true), "precision_recall": _thinned(recall, precision)}


def _thinned(x: Any, y: Any) -> list[list[float]]:
    """Keep at most `most` points, including the last one."""
    step = max(1, -(-len(x) // POINTS))
    indices = [*range(0, len(x) - 1, step), len(x) - 1]
    return [[round(float(x[i]), 6), round(float(y[i]), 6)] for i in indices]


def _confusion(labels: pd.Series[Any], answers: Answers) -> dict[str, Any]:
    from sklearn.metrics import confusion_matrix

    names = sorted({*map(str, labels), *map(str, answers.values.tolist())})
    rows = confusion_matrix(
        [str(label) for label in labels], [str(label) for label in answers.values.tolist()], labels=names
    )
    return {"classes": names, "rows": rows.tolist()}


def importance(scorer: Scorer, inputs: pd.DataFrame, labels: pd.Series[Any], seed: int) -> dict[str, float]:
    """Return how much the task's first metric worsens when a column is shuffled."""
    import numpy as np

    task = scorer.contract.task
    rows = inputs.head(_IMPORTANCE_ROWS)
    truth = labels.head(_IMPORTANCE_ROWS)
    leading = _LEADING.get(task, "accuracy")
    base = measure(task, scorer.answers(rows), truth)[0].get(leading)
    if base is None:
        return {}
    importances = {}
    for name in rows.columns:
        order = np.random.default_rng(seed).permutation(len(rows))
        shuffled = rows.assign(**{name: rows[name].to_numpy()[order]})
        value = measure(task, scorer.answers(shuffled), truth)[0].get(leading, base)
        importances[name] = round(value - base if task == REGRESSION else base - value, 6)
    return importances
