"""Predict rows: one prediction per row, under the label's name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .columns import typed
from .contract import Column, Contract, Input
from .lookup import Lookup
from .vectors import column, own_columns, vectors

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

BINARY, REGRESSION = "binary-classification", "regression"


@dataclass(frozen=True, slots=True)
class Answers:
    """The predictions of an estimator: `values` are classes or numbers, `scores` one column per class, if it has them.

    `classes` are the estimator's classes in ascending order, regardless of its own order: of two, the
    probability of the second is served.
    """

    values: np.ndarray[Any, Any]
    scores: np.ndarray[Any, Any] | None
    classes: tuple[Any, ...]


class UnknownEntityError(ValueError):
    """No features are stored for a row's keys, and the contract rejects such rows."""


class OutsideContractError(ValueError):
    """A value of the request is outside its column's contract, and the set rejects such values."""


def known_column(contract: Contract) -> str:
    """Name the column that marks whether features were found for a row's keys."""
    return f"{contract.label}_entity_known"


def known_rows(contract: Contract, features: pd.DataFrame) -> pd.Series[bool]:
    """Return for each row whether each key has a feature within its view's ttl."""
    has_features = _all_true(features.index)
    for key in dict.fromkeys(view.key for view in contract.views):
        names = [column(view.name, field.name) for view in contract.views if view.key == key for field in view.fields]
        has_features &= features[names].notna().any(axis=1)
    return has_features


def _all_true(index: pd.Index[Any]) -> pd.Series[bool]:
    """Return true for each row."""
    import pandas as pd

    return pd.Series(data=True, index=index, dtype=bool)


def _unknown(contract: Contract, has_features: pd.Series[bool]) -> str:
    keys = ", ".join(f"`{key.name}`" for key in contract.keys)
    return f"{int((~has_features).sum())} of {len(has_features)} rows have no stored features by {keys}"


def _require_values(rows: pd.DataFrame, columns: Iterable[Column | Input]) -> None:
    """Require a value in every row of columns that are not nullable."""
    for col in columns:
        missing = int(rows[col.name].isna().sum())
        if missing:
            raise ValueError(f"`{col.name}` is missing in {missing} of {len(rows)} rows, but not nullable")


def _within(rows: pd.DataFrame, columns: Iterable[Column]) -> None:
    """Reject values outside their column's bounds; the message contains the bound, never the value."""
    for col in columns:
        present = typed(rows[col.name], col.type, col.name).dropna()
        rules = [(f"at least {col.min}", present < col.min)] if col.min is not None else []
        rules += [(f"at most {col.max}", present > col.max)] if col.max is not None else []
        rules += [(f"one of {', '.join(map(str, col.values))}", ~present.isin(col.values))] if col.values else []
        for rule, outside in rules:
            if outside.any():
                count = int(outside.sum())
                raise OutsideContractError(f"`{col.name}` must be {rule}, but is not in {count} of {len(rows)} rows")


class Scorer:
    """A model with everything it needs to predict."""

    def __init__(self, contract: Contract, estimator: Any, lookup: Lookup) -> None:
        self.contract = contract
        self.estimator = estimator
        self.lookup = lookup

    def predict(self, rows: pd.DataFrame, params: Any = None) -> pd.DataFrame:
        """Predict each row; raise ValueError for a row that violates the contract."""
        del params
        inputs, has_features = self._vectors(rows)
        return self._named_answers(self.answers(inputs), has_features)

    def inputs(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the model's inputs for each row, looked up unless the rows contain all of them."""
        return self._vectors(rows)[0]

    def _vectors(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[bool]]:
        """Return the model's inputs, and which rows have features; UnknownEntityError if others are rejected."""
        contract = self.contract
        if all(input_.name in rows.columns for input_ in contract.inputs):
            _require_values(rows, [input_ for input_ in contract.inputs if not input_.may_miss])
            _within(
                rows, [request_column for request_column in contract.request if request_column.name in rows.columns]
            )
            return own_columns(contract, rows), _all_true(rows.index)
        lacking = [key.name for key in (*contract.keys, *contract.request) if key.name not in rows.columns]
        if lacking:
            raise ValueError(f"there is no column `{lacking[0]}`")
        _require_values(rows, [request_column for request_column in contract.request if not request_column.nullable])
        _within(rows, contract.request)
        features = self.lookup.rows(contract, rows) if contract.views else rows[[]]
        has_features = known_rows(contract, features)
        if contract.unknown_entity == "refuse" and not has_features.all():
            raise UnknownEntityError(_unknown(contract, has_features))
        return vectors(contract, features, rows), has_features

    def _named_answers(self, answers: Answers, has_features: pd.Series[bool]) -> pd.DataFrame:
        """Name the predictions; mark rows with features if the contract requires it."""
        table = self.table(answers, has_features.index)
        if self.contract.unknown_entity not in ("answer", "default"):
            return table
        if self.contract.unknown_entity == "default" and not has_features.all():
            scores = [name for name in table.columns if name != self.contract.label]
            table.loc[~has_features, scores] = float("nan")
            table[self.contract.label] = table[self.contract.label].where(has_features, self.contract.default_answer)
        return table.assign(**{known_column(self.contract): has_features})

    def answers(self, inputs: pd.DataFrame) -> Answers:
        """Call the estimator."""
        import numpy as np

        if self.contract.task == REGRESSION:
            return Answers(np.asarray(self.estimator.predict(inputs), dtype=float).reshape(len(inputs)), None, ())
        values = np.asarray(self.estimator.predict(inputs)).reshape(len(inputs))
        classes = np.asarray(getattr(self.estimator, "classes_", ()))
        order = np.argsort(classes, kind="stable")
        ordered = tuple(classes[order].tolist())
        if not ordered or not hasattr(self.estimator, "predict_proba"):
            return Answers(values, None, ordered)
        return Answers(values, np.asarray(self.estimator.predict_proba(inputs))[:, order], ordered)

    def table(self, answers: Answers, index: pd.Index[Any]) -> pd.DataFrame:
        """Name the predictions."""
        import pandas as pd

        label = self.contract.label
        if answers.scores is None:
            return pd.DataFrame({label: answers.values}, index=index)
        if self.contract.task == BINARY and len(answers.classes) == 2:
            return pd.DataFrame({label: answers.scores[:, 1].astype("float64")}, index=index)
        scores = {f"{label}_{name}": answers.scores[:, i] for i, name in enumerate(answers.classes)}
        return pd.DataFrame({label: answers.values, **scores}, index=index)
