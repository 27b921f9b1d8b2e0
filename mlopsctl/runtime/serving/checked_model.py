"""MLServer's runtime for MLflow packages, with requests checked first.

In: requests of the V2 protocol. Out: answers; 422 for a request that is wrong, 503 where the feature server does not
answer, instead of 500 for everything. The model works in a thread, so that the server goes on listening.
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

from .requests import Given, asked, wrong

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
        """Answer a request, or say what is wrong with it."""
        said = wrong(self._contract, [_given(one) for one in payload.inputs])
        if said:
            raise MLServerError(said, _WRONG)
        try:
            rows = self._typed(self.decode_request(payload))
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise MLServerError(f"the request cannot be read: {_first_line(error)}", _WRONG) from error
        answers = await asyncio.to_thread(self._answers, rows)
        return self.encode_response(answers, default_codec=TensorDictCodec)

    def _typed(self, rows: Any) -> Any:
        """Give numbers the width of their type; what does not fit is an error of the request."""
        rows = rows.copy()
        for name, kind in asked(self._contract).items():
            if kind in _WHOLE + _REAL:
                rows[name] = rows[name].astype(kind)
            elif kind == "string":
                rows[name] = rows[name].map(lambda value: value.decode() if isinstance(value, bytes) else value)
        return rows

    def _answers(self, rows: Any) -> Any:
        try:
            return self._model.predict(rows)
        except MlflowException as error:
            raise MLServerError(_first_line(error), _WRONG) from error
        except Exception as error:
            kind = type(error).__name__
            if kind == "FeatureServerError":
                raise MLServerError(_first_line(error), _NO_FEATURES) from error
            if kind == "ColumnError":
                raise MLServerError(_first_line(error), _WRONG) from error
            raise


def _given(one: Any) -> Given:
    data = getattr(one.data, "root", one.data)
    datatype = str(getattr(one.datatype, "value", one.datatype))
    lacking = isinstance(data, list) and any(value is None for value in data)
    return Given(one.name, datatype, one.shape, _length(data), lacking)


def _length(data: Any) -> int:
    """Count the rows: a single text is one of them."""
    return 1 if isinstance(data, str | bytes) or not hasattr(data, "__len__") else len(data)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
