"""The feature vector: from looked-up values and request fields to the columns of the model, in order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .columns import cast
from .contract import REQUEST, TRANSFORM, Contract, Transform

if TYPE_CHECKING:
    import pandas as pd


class TransformError(ValueError):
    """The user's function raised, or did not return what it declares."""


def column(view: str, field: str) -> str:
    """Return the full name of a feature, as in Feast."""
    return f"{view}__{field}"


def vectors(contract: Contract, features: pd.DataFrame, request: pd.DataFrame) -> pd.DataFrame:
    """Assemble the model's inputs; `features` and `request` have the same index."""
    import pandas as pd

    looked_up = {
        name: cast(_column(features, name), field.type, field.name, may_miss=True)
        for view in contract.views
        for field in view.fields
        for name in (column(view.name, field.name),)
    }
    request_values = {
        request_column.name: cast(
            _column(request, request_column.name),
            request_column.type,
            request_column.name,
            may_miss=request_column.nullable,
        )
        for request_column in contract.request
    }
    computed = {
        transform.name: _run(transform, looked_up, request_values, request.index) for transform in contract.transforms
    }
    columns = {
        input_.name: computed[input_.producer][input_.name]
        if input_.origin == TRANSFORM
        else request_values[input_.name]
        if input_.origin == REQUEST
        else looked_up[column(input_.producer, input_.name)]
        for input_ in contract.inputs
    }
    return pd.DataFrame(columns, index=request.index)


def own_columns(contract: Contract, frame: pd.DataFrame) -> pd.DataFrame:
    """Select the model's inputs from a frame that contains them, with their types."""
    import pandas as pd

    columns = {
        input_.name: cast(_column(frame, input_.name), input_.type, input_.name, may_miss=input_.may_miss)
        for input_ in contract.inputs
    }
    return pd.DataFrame(columns, index=frame.index)


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name not in frame.columns:
        raise ValueError(f"there is no column `{name}`")
    return frame[name]


def _run(
    transform: Transform, looked_up: Mapping[str, Any], request_values: Mapping[str, Any], index: pd.Index[Any]
) -> dict[str, pd.Series[Any]]:
    """Call the user's function with its inputs in order, and return the declared columns."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            i.name: request_values[i.name] if i.view is None else looked_up[column(i.view, i.name)]
            for i in transform.inputs
        },
        index=index,
    )
    where = f"`{transform.function}` of transform `{transform.name}`"
    try:
        answer = _function(transform.function)(frame)
    except Exception as error:
        raise TransformError(f"{where} raised {type(error).__name__}: {error}") from error
    if not isinstance(answer, pd.DataFrame) or len(answer) != len(index):
        raise TransformError(f"{where} must return a DataFrame with one row per input row")
    lacking = [field.name for field in transform.fields if field.name not in answer.columns]
    if lacking:
        raise TransformError(f"{where} returned no column `{lacking[0]}`")
    answer = answer.set_axis(index, axis=0)
    return {field.name: cast(answer[field.name], field.type, field.name, may_miss=True) for field in transform.fields}


@lru_cache(maxsize=64)
def _function(reference: str) -> Any:
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)
