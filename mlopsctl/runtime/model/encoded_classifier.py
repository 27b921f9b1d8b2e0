"""Wrap a classifier with text classes for Deepchecks, which needs numbers.

The library's scorers look for a class 1 with text labels, and its feature importance requires a `fit` method.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.runtime.data.artifacts import Dataset


class Coded:
    """Answers as the estimator does, in numbers."""

    def __init__(self, estimator: Any, classes: tuple[Any, ...]) -> None:
        self._estimator = estimator
        self._codes = {name: i for i, name in enumerate(classes)}
        if classes:
            self.classes_ = list(range(len(classes)))
        self._estimator_type = "classifier" if classes else "regressor"

    def fit(self, *_: Any) -> Coded:
        """Exist: the library looks for it."""
        return self

    def predict(self, rows: Any) -> Any:
        """Return the classes' numbers, or the numbers themselves."""
        import numpy as np

        codes = np.asarray(self._estimator.predict(rows))
        return np.asarray([self._codes[code] for code in codes.tolist()]) if self._codes else codes


class CodedWithScores(Coded):
    """The same for an estimator with scores; the library tells the two apart by the method."""

    def predict_proba(self, rows: Any) -> Any:
        """Return the scores as they are."""
        return self._estimator.predict_proba(rows)


def coded(estimator: Any, datasets: tuple[Dataset, ...]) -> tuple[Any, tuple[Dataset, ...]]:
    """Return model and data sets as the library can take them; what it can take already stays as it is."""
    classes = tuple(getattr(estimator, "classes_", ()))
    of_text = any(isinstance(class_, str) for class_ in classes)
    if hasattr(estimator, "fit") and not of_text:
        return estimator, datasets
    kind = CodedWithScores if hasattr(estimator, "predict_proba") else Coded
    codes = {name: i for i, name in enumerate(classes)} if of_text else {}
    return kind(estimator, classes if of_text else ()), tuple(_coded(dataset, codes) for dataset in datasets)


def _coded(data: Dataset, codes: dict[Any, int]) -> Dataset:
    """Number the label; a class that the model has never seen gets a number of its own."""
    if not codes:
        return data
    unseen = {name: len(codes) + i for i, name in enumerate(sorted(set(data.label) - set(codes)))}
    return Dataset(data.rows.assign(**{str(data.label.name): data.label.map({**codes, **unseen})}), data.schema)
