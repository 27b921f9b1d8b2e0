"""MLServer's runtime for MLflow packages, with requests checked first.

The model runs in a thread, so that the server keeps listening.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from mlflow.exceptions import MlflowException
from mlserver.errors import MLServerError  # type: ignore[import-not-found]
from mlserver.utils import get_model_uri  # type: ignore[import-not-found]
from mlserver_mlflow import MLflowRuntime  # type: ignore[import-not-found]
from mlserver_mlflow.codecs import TensorDictCodec  # type: ignore[import-not-found]

from .requests import RequestInput, fits, optional, request_types, wrong

_WRONG, _NO_FEATURES = 422, 503
_CONTRACT = Path("mlopsctl") / "contract.json"
_WHOLE, _REAL = ("int32", "int64"), ("float32", "float64")


class CheckedModel(MLflowRuntime):  # type: ignore[misc]
    """Serves a registered package."""

    async def load(self) -> bool:
        """Load the package, and the contract inside it."""
        folder = Path(await get_model_uri(self._settings))
        self._contract = json.loads((folder / _CONTRACT).read_text())
        return bool(await super().load())

    async def predict(self, payload: Any) -> Any:
        """Answer a request, or return the error of an invalid one."""
        problem = wrong(self._contract, [_request_input(input_) for input_ in payload.inputs])
        if problem:
            raise MLServerError(problem, _WRONG)
        rows = self._rows(payload)
        answers = await asyncio.to_thread(self._answers, rows)
        return self.encode_response(answers, default_codec=TensorDictCodec)

    def _rows(self, payload: Any) -> Any:
        """Return the request's inputs as a data frame; a value that does not fit its type is a client error."""
        import pandas as pd

        kinds = request_types(self._contract)
        columns = {}
        for input_ in payload.inputs:
            try:
                columns[input_.name] = self._column(payload, input_, kinds[input_.name])
            except (ValueError, TypeError, KeyError, OverflowError) as error:
                kind = kinds[input_.name]
                message = f"input `{input_.name}` must be {kind}, but a value is not: {_first_line(error)}"
                raise MLServerError(message, _WRONG) from error
        return pd.DataFrame(columns)

    def _column(self, payload: Any, input_: Any, kind: str) -> Any:
        """Decode an input; one with nulls is not decoded, because the codecs do not support them."""
        import pandas as pd

        data = getattr(input_.data, "root", input_.data)
        if isinstance(data, list) and None in (flat := _flat(data, input_.shape)):
            values = pd.Series(flat, dtype=object)
        else:
            decoded = self.decode_request(payload.model_copy(update={"inputs": [input_]}))
            values = pd.Series(decoded[input_.name]).reset_index(drop=True)
        return _typed(values, kind, may_miss=input_.name in optional(self._contract))

    def _answers(self, rows: Any) -> Any:
        try:
            return self._model.predict(rows)
        except MlflowException as error:
            raise MLServerError(_first_line(error), _WRONG) from error
        except Exception as error:
            kind = type(error).__name__
            if kind == "FeatureServerError":
                raise MLServerError(_first_line(error), _NO_FEATURES) from error
            if kind in ("ColumnError", "UnknownEntityError", "OutsideContractError"):
                raise MLServerError(_first_line(error), _WRONG) from error
            raise


def _typed(values: Any, kind: str, *, may_miss: bool) -> Any:
    """Convert values to the width of their type; a value that does not fit is an error and is never changed.

    Integers and booleans that may be missing are float64, whether one is missing or not.
    """
    import numpy as np

    if kind == "string":
        return values.map(lambda value: value.decode() if isinstance(value, bytes) else value)
    if kind in _REAL:
        return values.astype(kind)
    if kind in _WHOLE:
        limits = np.iinfo(kind)
        strange = [value for value in values.dropna().tolist() if not limits.min <= value <= limits.max]
        if strange:
            raise OverflowError(f"{strange[0]} is not from {limits.min} to {limits.max}")
    if kind in (*_WHOLE, "bool") and may_miss:
        return values.astype("float64")
    return values.astype(kind) if kind in _WHOLE else values


def _request_input(input_: Any) -> RequestInput:
    data = getattr(input_.data, "root", input_.data)
    datatype = str(getattr(input_.datatype, "value", input_.datatype))
    values = _flat(data, input_.shape) if isinstance(data, list) else []
    lacking = any(value is None for value in values)
    odd = not all(fits(datatype, value) for value in values)
    return RequestInput(input_.name, datatype, input_.shape, _length(data), lacking, odd)


def _flat(data: list[Any], shape: Any) -> list[Any]:
    """Return the values of an input of shape [rows] or [rows, 1]; the latter may be nested lists."""
    nested = len(shape) == 2
    return [value[0] if nested and isinstance(value, list) and len(value) == 1 else value for value in data]


def _length(data: Any) -> int:
    """Count the rows; a single string is one row."""
    return 1 if isinstance(data, str | bytes) or not hasattr(data, "__len__") else len(data)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
