"""Types of the language as MLflow's column types.

In: named columns. Out: MLflow's objects, and plain values for tags.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.runtime.served.contract import Column, Contract

if TYPE_CHECKING:
    import pandas as pd


def signature(contract: Contract, request: pd.DataFrame, answers: pd.DataFrame) -> Any:
    """Say what a request holds: keys and request fields by their types, or the model's own inputs as they are."""
    from mlflow.models import ModelSignature, infer_signature
    from mlflow.types import Schema

    outputs = infer_signature(answers).inputs
    if contract.asks == "inputs":
        return ModelSignature(inputs=infer_signature(request).inputs, outputs=outputs)
    types = {one.name: one for one in (*contract.keys, *contract.request)}
    return ModelSignature(inputs=Schema(column_specs(types[name] for name in request.columns)), outputs=outputs)


def column_specs(columns: Iterable[Column]) -> list[Any]:
    """Return MLflow's specs of columns."""
    from mlflow.types import ColSpec
    from mlflow.types.schema import Array, DataType

    found = []
    for one in columns:
        known = COLUMN_TYPES[one.type]
        kind = Array(DataType[COLUMN_TYPES[known.item].mlflow]) if known.is_array else known.mlflow
        found.append(ColSpec(kind, one.name))
    return found


def plain(contract: Contract, outputs: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the model's own inputs and its outputs by type, in the language's words."""
    answers = dict.fromkeys(outputs, "float64")
    if contract.task == "multiclass-classification":
        answers[contract.label] = contract.label_type
    return {"inputs": {one.name: one.type for one in contract.inputs}, "outputs": answers}
