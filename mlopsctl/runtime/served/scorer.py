"""The answers: one row in, one row out, under the label's name.

In: rows with keys and request fields, or with the model's own inputs. Out: for two classes the probability of the
second, for more the class and each probability, for numbers the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .contract import Contract
from .lookup import Lookup
from .vectors import own_columns, vectors

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

BINARY, REGRESSION = "binary-classification", "regression"


@dataclass(frozen=True, slots=True)
class Answers:
    """What an estimator said: `values` are classes or numbers, `scores` one column a class where it has them."""

    values: np.ndarray[Any, Any]
    scores: np.ndarray[Any, Any] | None
    classes: tuple[Any, ...]


class Scorer:
    """A model with everything it needs to answer."""

    def __init__(self, contract: Contract, estimator: Any, lookup: Lookup) -> None:
        self.contract = contract
        self.estimator = estimator
        self.lookup = lookup

    def predict(self, rows: pd.DataFrame, params: Any = None) -> pd.DataFrame:
        """Answer each row; ValueError for a row that lacks what the contract asks for."""
        del params
        return self.table(self.answers(self.inputs(rows)), rows.index)

    def inputs(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the model's inputs for each row: looked up, unless the rows have them all."""
        contract = self.contract
        if all(one.name in rows.columns for one in contract.inputs):
            return own_columns(contract, rows)
        lacking = [one.name for one in (*contract.keys, *contract.request) if one.name not in rows.columns]
        if lacking:
            raise ValueError(f"there is no column `{lacking[0]}`")
        found = self.lookup.rows(contract, rows) if contract.views else rows[[]]
        return vectors(contract, found, rows)

    def answers(self, inputs: pd.DataFrame) -> Answers:
        """Ask the estimator."""
        import numpy as np

        if self.contract.task == REGRESSION:
            return Answers(np.asarray(self.estimator.predict(inputs), dtype=float).reshape(len(inputs)), None, ())
        values = np.asarray(self.estimator.predict(inputs)).reshape(len(inputs))
        classes = getattr(self.estimator, "classes_", None)
        if not hasattr(self.estimator, "predict_proba") or classes is None:
            return Answers(values, None, ())
        return Answers(values, np.asarray(self.estimator.predict_proba(inputs)), tuple(np.asarray(classes).tolist()))

    def table(self, answers: Answers, index: pd.Index[Any]) -> pd.DataFrame:
        """Name the answers."""
        import pandas as pd

        label = self.contract.label
        if answers.scores is None:
            return pd.DataFrame({label: answers.values}, index=index)
        if self.contract.task == BINARY and len(answers.classes) == 2:
            return pd.DataFrame({label: answers.scores[:, 1].astype("float64")}, index=index)
        scores = {f"{label}_{name}": answers.scores[:, i] for i, name in enumerate(answers.classes)}
        return pd.DataFrame({label: answers.values, **scores}, index=index)
