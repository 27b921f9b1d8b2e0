"""Wrap a classifier with text classes for Deepchecks, which needs numbers.

The library's scorers look for a class 1 with text labels, and its feature importance requires a `fit` method.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.runtime.data.artifacts import Dataset


class Coded:
    """Predicts as the estimator does, with classes as numbers."""

    def __init__(self, estimator: Any, classes: tuple[Any, ...]) -> None:
        self._estimator = estimator
        self._codes = {name: i for i, name in enumerate(classes)}
        if classes:
            self.classes_ = list(range(len(classes)))
        self._estimator_type = "classifier" if classes else "regressor"

    def fit(self, *_: Any) -> Coded:
        """Do nothing: the library requires the method."""
        return self

    def predict(self, rows: Any) -> Any:
        """Return the classes' numbers, or the numbers themselves."""
        import numpy as np

        codes = np.asarray(self._estimator.predict(rows))
        return np.asarray([self._codes[code] for code in codes.tolist()]) if self._codes else codes


class CodedWithScores(Coded):
    """The same for an estimator with scores, which the library detects by this method."""

    def predict_proba(self, rows: Any) -> Any:
        """Return the scores unchanged."""
        return self._estimator.predict_proba(rows)


def coded(estimator: Any, datasets: tuple[Dataset, ...]) -> tuple[Any, tuple[Dataset, ...]]:
    """Return model and data sets in a form that the library supports; supported ones are unchanged."""
    classes = tuple(getattr(estimator, "classes_", ()))
    of_text = any(isinstance(class_, str) for class_ in classes)
    if hasattr(estimator, "fit") and not of_text:
        return estimator, datasets
    kind = CodedWithScores if hasattr(estimator, "predict_proba") else Coded
    codes = {name: i for i, name in enumerate(classes)} if of_text else {}
    return kind(estimator, classes if of_text else ()), tuple(_coded(dataset, codes) for dataset in datasets)


def _coded(data: Dataset, codes: dict[Any, int]) -> Dataset:
    """Encode the label as numbers; a class that the model does not know gets its own number."""
    if not codes:
        return data
    unseen = {name: len(codes) + i for i, name in enumerate(sorted(set(data.label) - set(codes)))}
    return Dataset(data.rows.assign(**{str(data.label.name): data.label.map({**codes, **unseen})}), data.schema)
