"""Convert column types to MLflow's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.runtime.scoring.columns import INTEGER_TYPES
from mlopsctl.runtime.scoring.contract import Column, Contract
from mlopsctl.runtime.scoring.scorer import known_column

if TYPE_CHECKING:
    import pandas as pd


def signature(contract: Contract, request: pd.DataFrame, answers: pd.DataFrame) -> Any:
    """Return the signature of a request: keys and request fields with their types, or the model's own inputs."""
    from mlflow.models import ModelSignature, infer_signature
    from mlflow.types import Schema

    outputs = infer_signature(answers).inputs
    if contract.asks == "inputs":
        return ModelSignature(inputs=infer_signature(request).inputs, outputs=outputs)
    types = {key.name: key for key in (*contract.keys, *contract.request)}
    return ModelSignature(inputs=Schema(column_specs(types[name] for name in request.columns)), outputs=outputs)


def column_specs(columns: Iterable[Column]) -> list[Any]:
    """Return MLflow's specs of columns."""
    from mlflow.types import ColSpec
    from mlflow.types.schema import Array, DataType

    specs = []
    for column in columns:
        # An integer or boolean that may be missing is a float, which has NaN.
        column_type = COLUMN_TYPES[
            "float64" if column.nullable and column.type in (*INTEGER_TYPES, "bool") else column.type
        ]
        kind = Array(DataType[COLUMN_TYPES[column_type.item].mlflow]) if column_type.is_array else column_type.mlflow
        specs.append(ColSpec(kind, column.name, required=not column.nullable))
    return specs


def plain(contract: Contract, outputs: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the model's own inputs and its outputs with their types in the spec language."""
    answers = dict.fromkeys(outputs, "float64")
    if contract.task == "multiclass-classification":
        answers[contract.label] = contract.label_type
    if contract.unknown_entity in ("answer", "default"):
        answers[known_column(contract)] = "bool"
    return {"inputs": {input_.name: input_.type for input_ in contract.inputs}, "outputs": answers}
