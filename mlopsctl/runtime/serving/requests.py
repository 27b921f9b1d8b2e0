"""Validate a request against the contract of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

_INTEGER_DATATYPES = ("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64")
_REAL = ("FP16", "FP32", "FP64")
_ACCEPTED_DATATYPES: Mapping[str, tuple[str, ...]] = {
    "bool": ("BOOL",),
    "int32": _INTEGER_DATATYPES,
    "int64": _INTEGER_DATATYPES,
    "float32": (*_REAL, *_INTEGER_DATATYPES),
    "float64": (*_REAL, *_INTEGER_DATATYPES),
    "string": ("BYTES",),
    "bytes": ("BYTES",),
    "timestamp": ("BYTES",),
}
_DATATYPES: Mapping[str, str] = {
    "bool": "BOOL",
    "int32": "INT32",
    "int64": "INT64",
    "float32": "FP32",
    "float64": "FP64",
}


class RequestInput(NamedTuple):
    """One input of a request; `lacking` if a value is null, `odd` if a value does not match the datatype."""

    name: str
    datatype: str
    shape: Sequence[int]
    length: int
    lacking: bool = False
    odd: bool = False


def fits(datatype: str, value: object) -> bool:
    """Return whether a JSON value matches a datatype; null matches every datatype and is checked elsewhere."""
    if value is None:
        return True
    if datatype == "BYTES":
        return isinstance(value, str | bytes)
    if datatype == "BOOL" or isinstance(value, bool):
        return datatype == "BOOL" and isinstance(value, bool)
    if datatype in _INTEGER_DATATYPES:
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, int | float)


def request_types(contract: Mapping[str, Any]) -> dict[str, str]:
    """Return the type of each input that a request must have: keys and request fields, or the model's own inputs."""
    columns = contract["inputs"] if contract["asks"] == "inputs" else [*contract["keys"], *contract["request"]]
    return {column["name"]: column["type"] for column in columns}


def optional(contract: Mapping[str, Any]) -> frozenset[str]:
    """Return the inputs that may be null: nullable fields; among the model's own inputs, also stored features."""
    if contract["asks"] == "inputs":
        return frozenset(
            input_["name"]
            for input_ in contract["inputs"]
            if input_.get("nullable") or input_.get("origin", "request") != "request"
        )
    return frozenset(column["name"] for column in contract["request"] if column.get("nullable"))


def datatype(kind: str) -> str:
    """Return the datatype of the V2 protocol for a column type."""
    return _DATATYPES.get(kind, "BYTES")


def wrong(contract: Mapping[str, Any], inputs: Iterable[RequestInput]) -> str:
    """Return the first error of a request; empty if it is valid."""
    kinds = request_types(contract)
    inputs_by_name: dict[str, RequestInput] = {}
    for input_ in inputs:
        if input_.name in inputs_by_name:
            return f"duplicate input `{input_.name}`"
        inputs_by_name[input_.name] = input_
    missing = [name for name in kinds if name not in inputs_by_name]
    if missing:
        return f"input `{missing[0]}` is missing; required inputs: {', '.join(kinds)}"
    strange = [name for name in inputs_by_name if name not in kinds]
    if strange:
        return f"unknown input `{strange[0]}`; required inputs: {', '.join(kinds)}"
    may_miss = optional(contract)
    problems = (
        _wrong_input(input_, kinds[input_.name], may_miss=input_.name in may_miss) for input_ in inputs_by_name.values()
    )
    return next(filter(None, problems), "") or _uneven(inputs_by_name)


def _wrong_input(input_: RequestInput, kind: str, *, may_miss: bool) -> str:
    if input_.datatype not in _ACCEPTED_DATATYPES.get(kind, ("BYTES",)):
        return f"input `{input_.name}` is {kind}: its datatype must be {datatype(kind)}, not {input_.datatype}"
    if (
        not input_.shape
        or any(side < 0 for side in input_.shape)
        or len(input_.shape) > 2
        or (*input_.shape, 1)[1] != 1
    ):
        return f"the shape of input `{input_.name}` must be [rows] or [rows, 1], not {list(input_.shape)}"
    if input_.length != input_.shape[0]:
        return f"input `{input_.name}` has {input_.length} values, but its shape declares {input_.shape[0]}"
    if input_.odd:
        return f"input `{input_.name}` has a value that is not of datatype {input_.datatype}"
    if input_.lacking and not may_miss:
        return f"input `{input_.name}` is not nullable, but a value is null"
    return ""


def _uneven(inputs: Mapping[str, RequestInput]) -> str:
    """Return the error of inputs with different numbers of rows, or of a request without rows."""
    first = next(iter(inputs.values()), None)
    if first is None or first.shape[0] == 0:
        return "the request has no rows"
    other = next((input_ for input_ in inputs.values() if input_.shape[0] != first.shape[0]), None)
    if other is None:
        return ""
    return f"input `{other.name}` has {other.shape[0]} rows, but `{first.name}` has {first.shape[0]}"
